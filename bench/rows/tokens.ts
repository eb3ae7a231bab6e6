import { encodeRequest, writeRequests } from "../load/request-file.ts";
import { createConcert, joinRequest, newFile, newUsers } from "../test-bed/setup.ts";
import { openTestBed } from "../test-bed/test-bed.ts";
import { compareWithBare, saturationRemark } from "./http-comparison.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const connections = 64;

/** No turn comes during the run, so every user stays in the queue. */
export const slowQueue = { maxActive: 1, admissionsPerMinute: 1, claimSeconds: 6 } as const;

/** B2: new users join one queue. */
export const tokens: Bench = {
  rows: ["B2"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const { scale } = context;
    const testBed = await openTestBed();
    try {
      const subject = await testBed.startSubject(context.subject);
      const { concertId } = await createConcert(testBed, subject, { dates: 1, policy: slowQueue });
      const countPerRound = scale.commandsPerRound * 2;
      const rounds = scale.rounds + (context.profile === null ? 1 : 2);
      const users = newUsers(countPerRound * rounds + 1);
      const requestsFile = newFile(testBed, "joins");
      const requests = users.map((userId) =>
        encodeRequest(joinRequest(testBed, concertId, userId)),
      );
      writeRequests(requestsFile, requests);
      const found = await compareWithBare(context, {
        ...{ row: "B2", testBed, subject, requestsFile, countPerRound, connections },
        cycle: false,
        status: 201,
      });
      yield {
        row: "B2",
        title: "queue token issue over HTTP, distinct users",
        method: `${connections} connections; each request comes from a new user; all join one queue.`,
        ...found,
        targets: [
          { what: "ratio", value: found.ratio.median, unit: "×", bound: 0.4, atLeast: true },
        ],
        remarks: saturationRemark(found.floor),
        versions: testBed.versions,
      };
    } finally {
      await testBed.close();
    }
  },
};
