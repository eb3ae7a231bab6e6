import { encodeRequest, writeRequests, type HttpRequest } from "../load/request-file.ts";
import {
  createConcert,
  joinAll,
  newFile,
  newUsers,
  openDoors,
  sendAll,
  untilActive,
  type Show,
} from "../test-bed/setup.ts";
import { openTestBed } from "../test-bed/test-bed.ts";
import { compareWithBare, latencyMs, saturationRemark } from "./http-comparison.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const connections = 32;
const activeCount = 2_000;

export const reserveRequest = (show: Show, seatNumber: number, token: string): HttpRequest => ({
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
    const testBed = await openTestBed();
    try {
      const subject = await testBed.startSubject(context.subject);
      const concert = await createConcert(testBed, subject, { dates: 1, policy: openDoors });
      const { concertId, shows } = concert;
      const [show] = shows;
      if (show === undefined) throw new RangeError("a concert without a show");
      const users = newUsers(activeCount + 1);
      const queueTokens = await joinAll(testBed, load, subject, { concertId, users });
      await untilActive(testBed, subject, concertId, users.length);
      const [first = "", ...others] = queueTokens;
      await sendAll(testBed, load, subject, [reserveRequest(show, 1, first)]);
      const requestsFile = newFile(testBed, "attempts");
      const requests = others.map((token) => encodeRequest(reserveRequest(show, 1, token)));
      writeRequests(requestsFile, requests);
      const found = await compareWithBare(context, {
        ...{ row: "B4", testBed, subject, requestsFile, connections },
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
        targets: [
          { what: "ratio", value: found.ratio.median, unit: "×", bound: 0.4, atLeast: true },
          { what: "p99", value: p99, unit: "ms", bound: 20, atLeast: false },
        ],
        remarks: saturationRemark(found.floor),
        versions: testBed.versions,
      };
    } finally {
      await testBed.close();
    }
  },
};
