import { encodeRequest, writeRequests } from "../load/request-file.ts";
import { createConcert, joinRequest, newFile, newUsers } from "../test-bed/setup.ts";
import { openTestBed } from "../test-bed/test-bed.ts";
import { measureLoad } from "./http-comparison.ts";
import { loadRows, measureEach, namesOf, roundsNeeded } from "./load-rows.ts";
import type { Bench, Context, RowResult } from "./row.ts";

/** No turn comes during the run, so every user stays in the queue. */
export const slowQueue = { maxActive: 1, admissionsPerMinute: 1, claimSeconds: 6 } as const;

const rows = loadRows({ row: "B2", connections: 64 }, "A");

/** B2 and A: new users join one queue. */
export const tokens: Bench = {
  rows: namesOf(rows),
  async *run(context: Context): AsyncIterable<RowResult> {
    const testBed = await openTestBed();
    try {
      const subject = await testBed.startSubject(context.subject);
      const countPerRound = context.scale.commandsPerRound * 2;
      yield* measureEach(context, rows, async (row) => {
        const options = { dates: 1, policy: slowQueue };
        const { concertId } = await createConcert(testBed, subject, options);
        const users = newUsers(countPerRound * roundsNeeded(context) + 1);
        const requestsFile = newFile(testBed, "joins");
        const requests = users.map((userId) =>
          encodeRequest(joinRequest(testBed, concertId, userId)),
        );
        writeRequests(requestsFile, requests);
        const load = {
          ...{ ...row, testBed, subject, requestsFile, countPerRound },
          cycle: false,
          status: 201,
        };
        return measureLoad(context, row, load, {
          title: "queue token issue over HTTP, distinct users",
          method: `${row.connections} connections; each request comes from a new user; all join one queue.`,
          ratioBound: 0.4,
        });
      });
    } finally {
      await testBed.close();
    }
  },
};
