import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "./database.ts";

/** The use of an operator's key by an earlier request: by another one, or by the same with this answer. */
export type OperatorKeyUse<Answer> =
  | { readonly kind: "key-reused" }
  | { readonly kind: "replayed"; readonly answer: Answer };

/** Rolls the transaction back whose key another request has used. */
class KeyTaken extends Error {
  readonly actor: string;
  readonly intent: Intent;

  constructor(actor: string, intent: Intent) {
    super("the key is taken");
    this.actor = actor;
    this.intent = intent;
  }
}

/** Stores the use of the key. Waits for a parallel request with the key; throws when that one was committed. */
export const useKey = async (
  tx: Queryable,
  actor: string,
  use: {
    readonly intent: Intent;
    /** Null for a request that concerns no concert. */
    readonly concertId: ConcertId | null;
    readonly answer: object;
  },
): Promise<void> => {
  const { intent, concertId, answer } = use;
  const { key, fingerprint } = intent;
  const rows = await tx.query({
    text: `insert into operator_key_use (actor, key, fingerprint, concert_id, answer)
      values ($1, $2, $3, $4, $5) on conflict do nothing returning key`,
    values: [actor, key, fingerprint, concertId, JSON.stringify(answer)],
  });
  if (rows.length === 0) throw new KeyTaken(actor, intent);
};

/** The result of a transaction that may call `useKey`; or the use of the key by another request. */
export const unlessKeyTaken = async <Result, Answer>(
  db: Queryable,
  transaction: Promise<Result>,
): Promise<Result | OperatorKeyUse<Answer>> => {
  try {
    return await transaction;
  } catch (error) {
    if (!(error instanceof KeyTaken)) throw error;
    const taken = await readKeyUse<Answer>(db, error.actor, error.intent);
    if (taken === null) throw new Error("the use of an operator's key is gone");
    return taken;
  }
};

/** The request that a key names; null for an unused key. A key of the release before answers has none: reused. */
export const readKeyUse = async <Answer>(
  db: Queryable,
  actor: string,
  { key, fingerprint }: Intent,
): Promise<OperatorKeyUse<Answer> | null> => {
  const [use] = await db.query<{ fingerprint: string; answer: Answer | null }>({
    text: `select fingerprint, answer from operator_key_use where actor = $1 and key = $2`,
    values: [actor, key],
  });
  if (use === undefined) return null;
  return use.fingerprint === fingerprint && use.answer !== null
    ? { kind: "replayed", answer: use.answer }
    : { kind: "key-reused" };
};
