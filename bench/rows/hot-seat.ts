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
import { latencyMs, measureLoad } from "./http-comparison.ts";
import { loadRows, measureEach, namesOf } from "./load-rows.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const rows = loadRows({ row: "B4", connections: 32 }, "D");
const activeCount = 2_000;

export const reserveRequest = (show: Show, seatNumber: number, token: string): HttpRequest => ({
  method: "POST",
  path: "/api/v1/reservations",
  token,
  body: { date: show.date, seatNumbers: [seatNumber] },
});

/** B4 and D: two thousand ACTIVE users all want one seat, which another user holds. */
export const hotSeat: Bench = {
  rows: namesOf(rows),
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
      yield* measureEach(context, rows, (row) => {
        const load = {
          ...{ ...row, testBed, subject, requestsFile, status: 409 },
          cycle: true,
          countPerRound: Number.MAX_SAFE_INTEGER,
        };
        return measureLoad(context, row, load, {
          title: "reserve over HTTP, ACTIVE users, one seat that is taken",
          method: `${row.connections} connections; ${activeCount.toLocaleString("en")} ACTIVE users in turn; another user holds the seat.`,
          ratioBound: 0.4,
          targets: (figure) => [
            { what: "p99", value: latencyMs(figure, 0.99), unit: "ms", bound: 20, atLeast: false },
          ],
        });
      });
    } finally {
      await testBed.close();
    }
  },
};
