import type { LoadGenerator } from "../load/load.ts";
import { encodeRequest, writeRequests, type HttpRequest } from "../load/request-file.ts";
import { createConcert, joinAll, newFile, newUsers, sendAll } from "../test-bed/setup.ts";
import { openTestBed, type TestBed, type Subject } from "../test-bed/test-bed.ts";
import { measureLoad } from "./http-comparison.ts";
import { loadRows, measureEach, namesOf } from "./load-rows.ts";
import type { Bench, Context, RowResult } from "./row.ts";
import { slowQueue } from "./tokens.ts";

const rows = loadRows({ row: "B1", connections: 64 }, "B");
const checkedCount = 2_000;

export const pollRequest = (concertId: string, token: string): HttpRequest => ({
  method: "GET",
  path: `/api/v1/concerts/${concertId}/queue/tokens/me`,
  token,
});

/** `seq` of a queue token: the order in which it was issued. */
export const seqOf = (token: string): number => {
  const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
  return (JSON.parse(claims) as { seq: number }).seq;
};

/** At most this many users are admitted during a run: a position may be that much smaller. */
const admittedMax = 20;

/**
 * Asks for some positions and compares them with the order in which the tokens were issued: a fast
 * answer that is not the exact position would be worth nothing.
 */
const checkPositions = async (
  setting: { testBed: TestBed; load: LoadGenerator; subject: Subject },
  concertId: string,
  tokens: readonly string[],
): Promise<void> => {
  const step = Math.max(1, Math.floor(tokens.length / checkedCount));
  const some = tokens.filter((_, index) => index % step === step - 1);
  const { testBed, load, subject } = setting;
  const requests = some.map((token) => pollRequest(concertId, token));
  const answers = await sendAll(testBed, load, subject, requests);
  for (const [index, { body }] of answers.entries()) {
    const { position } = JSON.parse(body) as { position: number | null };
    const number = seqOf(some[index] ?? "");
    // An admitted user has no position.
    const ahead = number - (position ?? 0);
    if (!(ahead >= 0 && ahead <= admittedMax))
      throw new Error(`position ${position} for number ${number}`);
  }
};

/** B1 and B: every user of a long queue asks for the position. */
export const polls: Bench = {
  rows: namesOf(rows),
  async *run(context: Context): AsyncIterable<RowResult> {
    const { scale, load } = context;
    const testBed = await openTestBed();
    try {
      const subject = await testBed.startSubject(context.subject);
      const { concertId } = await createConcert(testBed, subject, { dates: 1, policy: slowQueue });
      context.log(`B1, B: ${scale.waiting} users join`);
      const users = newUsers(scale.waiting);
      const queueTokens = await joinAll(testBed, load, subject, { concertId, users });
      await checkPositions({ testBed, load, subject }, concertId, queueTokens);
      const requestsFile = newFile(testBed, "polls");
      const requests = queueTokens.map((token) => encodeRequest(pollRequest(concertId, token)));
      writeRequests(requestsFile, requests.reverse());
      yield* measureEach(context, rows, (row) => {
        const load = {
          ...{ ...row, testBed, subject, requestsFile, status: 200 },
          cycle: true,
          countPerRound: Number.MAX_SAFE_INTEGER,
        };
        return measureLoad(context, row, load, {
          title: `position poll over HTTP, ${scale.waiting.toLocaleString("en")} waiting`,
          method: `${row.connections} connections; the users in the queue in turn, from the back; ${checkedCount.toLocaleString("en")} positions were compared with the order of the tokens before.`,
          ratioBound: 0.5,
        });
      });
    } finally {
      await testBed.close();
    }
  },
};
