import { encodeRequest, writeRequests } from "../load/request-book.ts";
import { createConcert, joinRequest, newFile, newUsers } from "../stage/crowd.ts";
import { openStage } from "../stage/stage.ts";
import { duel, saturationRemark } from "./http-duel.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const connections = 64;

/** No turn comes during the run, so every user stays in the queue. */
export const slowQueue = { maxActive: 1, admissionsPerMinute: 1, claimSeconds: 6 } as const;

/** B2: new users join one queue. */
export const tokens: Bench = {
  rows: ["B2"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const { scale } = context;
    const stage = await openStage();
    try {
      const subject = await stage.startSubject(context.subject);
      const { concertId } = await createConcert(stage, subject, { dates: 1, policy: slowQueue });
      const countPerRound = scale.commandsPerRound * 2;
      const rounds = scale.rounds + (context.profile === null ? 1 : 2);
      const users = newUsers(countPerRound * rounds + 1);
      const requestsFile = newFile(stage, "joins");
      const requests = users.map((userId) => encodeRequest(joinRequest(stage, concertId, userId)));
      writeRequests(requestsFile, requests);
      const found = await duel(context, {
        ...{ row: "B2", stage, subject, requestsFile, countPerRound, connections },
        cycle: false,
        status: 201,
      });
      yield {
        row: "B2",
        title: "queue token issue over HTTP, distinct users",
        method: `${connections} connections; each request comes from a new user; all join one queue.`,
        ...found,
        reaches: [
          { what: "ratio", value: found.ratio.median, unit: "×", bound: 0.4, atLeast: true },
        ],
        remarks: saturationRemark(found.floor),
        versions: stage.versions,
      };
    } finally {
      await stage.close();
    }
  },
};
