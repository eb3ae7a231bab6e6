import { encodeRequest, writeRequests, type RequestWords } from "../load/request-book.ts";
import {
  createConcert,
  joinAll,
  newFile,
  newUsers,
  openDoors,
  sendAll,
  untilActive,
  type Show,
} from "../stage/crowd.ts";
import { openStage } from "../stage/stage.ts";
import { duel, latencyMs, saturationRemark } from "./http-duel.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const connections = 32;
const activeCount = 2_000;

export const reserveRequest = (show: Show, seatNumber: number, token: string): RequestWords => ({
  method: "POST",
  path: "/api/v1/reservations",
  token,
  body: { date: show.date, seatNumbers: [seatNumber] },
});

/** B4: two thousand ACTIVE users all want one seat, which another user holds. */
export const hotSeat: Bench = {
  rows: ["B4"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const { load } = context;
    const stage = await openStage();
    try {
      const subject = await stage.startSubject(context.subject);
      const concert = await createConcert(stage, subject, { dates: 1, policy: openDoors });
      const { concertId, shows } = concert;
      const [show] = shows;
      if (show === undefined) throw new RangeError("a concert without a show");
      const users = newUsers(activeCount + 1);
      const queueTokens = await joinAll(stage, load, subject, { concertId, users });
      await untilActive(stage, subject, concertId, users.length);
      const [first = "", ...others] = queueTokens;
      await sendAll(stage, load, subject, [reserveRequest(show, 1, first)]);
      const requestsFile = newFile(stage, "attempts");
      const requests = others.map((token) => encodeRequest(reserveRequest(show, 1, token)));
      writeRequests(requestsFile, requests);
      const found = await duel(context, {
        ...{ row: "B4", stage, subject, requestsFile, connections },
        cycle: true,
        countPerRound: Number.MAX_SAFE_INTEGER,
        status: 409,
      });
      const p99 = latencyMs(found.subject, 0.99);
      yield {
        row: "B4",
        title: "reserve over HTTP, ACTIVE users, one seat that is taken",
        method: `${connections} connections; ${activeCount.toLocaleString("en")} ACTIVE users in turn; another user holds the seat.`,
        ...found,
        reaches: [
          { what: "ratio", value: found.ratio.median, unit: "×", bound: 0.4, atLeast: true },
          { what: "p99", value: p99, unit: "ms", bound: 20, atLeast: false },
        ],
        remarks: saturationRemark(found.floor),
        versions: stage.versions,
      };
    } finally {
      await stage.close();
    }
  },
};
