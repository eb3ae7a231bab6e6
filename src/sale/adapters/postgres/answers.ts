import type { UserId } from "#kernel/ids.ts";
import { queuedLoader } from "#platform/batched-loader.ts";
import type { Database } from "#platform/postgres/database.ts";
import { answerKey } from "../../domain/batch-state.ts";
import type { StoredAnswer } from "../../domain/commands.ts";
import type { Answers } from "../../ports/box-office.ts";
import { plainArray } from "./arrays.ts";
import { selectList } from "./table.ts";
import { storedAnswers, type StoredAnswerRow } from "./tables.ts";

interface Asked {
  readonly userId: UserId;
  readonly key: string;
}

const find = async (
  database: Database,
  asked: readonly Asked[],
): Promise<Map<string, StoredAnswer>> => {
  const rows = await database.query<StoredAnswerRow>({
    name: "sale-find-answers",
    text: `
      select ${selectList(storedAnswers, "i")}
      from unnest($1::uuid[], $2::text[]) as named (user_id, key)
      cross join lateral (
        select * from idempotency i where i.user_id = named.user_id and i.key = named.key offset 0
      ) as i`,
    values: [plainArray(asked.map((one) => one.userId)), asked.map((one) => one.key)],
  });
  return new Map(
    rows.map(({ userId, key, fingerprint, answer }) => [
      answerKey(userId, key),
      { fingerprint, answer },
    ]),
  );
};

/** Reads in batches: one statement for all calls that arrived while the statement before ran. */
export const pgAnswers = (options: {
  readonly database: Database;
  monotonicMs(): number;
}): Answers & { close(): Promise<void> } => {
  const loader = queuedLoader<Asked, StoredAnswer | null>({
    batchMax: 500,
    waitingMax: 10_000,
    deadlineMs: 2000,
    monotonicMs: options.monotonicMs,
    async load(asked) {
      const found = await find(options.database, asked);
      return asked.map(({ userId, key }) => found.get(answerKey(userId, key)) ?? null);
    },
  });
  return { find: (userId, key) => loader.load({ userId, key }), close: loader.close };
};
