import { encodeRequest, writeRequests, type HttpRequest } from "../load/request-file.ts";
import { alternate, figureOf, type Round } from "../measure/round.ts";
import { ratios } from "../measure/statistics.ts";
import { arena } from "../test-bed/halls.ts";
import {
  createConcert,
  joinAll,
  newFile,
  newUsers,
  openDoors,
  untilActive,
} from "../test-bed/setup.ts";
import { openTestBed, type Subject, type TestBed } from "../test-bed/test-bed.ts";
import { subjectRounds } from "./http-comparison.ts";
import { roundsNeeded } from "./load-rows.ts";
import type { Bench, Context, RowResult } from "./row.ts";
import { connections, gather } from "./sales.ts";

const seatsWished = 2;
/** Of a date's pairs of seats, those that are asked for: seats that are not side by side are left at the end. */
const shareAsked = 0.95;

const bestRequest = (date: string, token: string): HttpRequest => ({
  method: "POST",
  path: "/api/v1/reservations",
  token,
  body: { date, best: { count: seatsWished } },
});

/** Requests of ACTIVE users for the best two seats, so many of each date. */
const gatherWishes = async (
  context: Context,
  testBed: TestBed,
  subject: Subject,
  count: { readonly dates: number; readonly aDate: number },
): Promise<{ readonly concertId: string; readonly requests: readonly HttpRequest[] }> => {
  const options = { dates: count.dates, policy: openDoors, seatingPlan: arena.plan() };
  const { concertId, shows } = await createConcert(testBed, subject, options);
  const users = newUsers(count.dates * count.aDate);
  const tokens = await joinAll(testBed, context.load, subject, { concertId, users });
  await untilActive(testBed, subject, concertId, users.length);
  const requests = tokens.map((token, index) =>
    bestRequest(shows[Math.floor(index / count.aDate)]?.date ?? "", token),
  );
  return { concertId, requests };
};

const roundsOf = (
  context: Context,
  testBed: TestBed,
  subject: Subject,
  words: { readonly row: string; readonly requests: readonly HttpRequest[]; readonly each: number },
): (() => Promise<Round>) => {
  const requestsFile = newFile(testBed, words.row);
  writeRequests(requestsFile, words.requests.map(encodeRequest));
  return subjectRounds(context, {
    ...{ row: words.row, testBed, subject, requestsFile, countPerRound: words.each, connections },
    cycle: false,
    status: 201,
  });
};

/** Throws unless every reservation of the concert has two seats. */
const checkSeats = async (testBed: TestBed, concertId: string): Promise<void> => {
  const [row] = await testBed.sql<{ wrong: string }>(
    `select count(*) as wrong from reservation r
     where r.concert_id = $1
       and (select count(*) from reservation_seat s where s.reservation_id = r.reservation_id) <> $2`,
    [concertId, seatsWished],
  );
  if (row?.wrong !== "0") throw new Error(`H1: ${row?.wrong} reservations of other than two seats`);
};

/** H1: buyers let the server choose two seats in a hall of about 12,000, one date a round. */
export const bestSeats: Bench = {
  rows: ["H1"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const { scale, log } = context;
    const testBed = await openTestBed();
    try {
      const subject = await testBed.startSubject(context.subject);
      // One round more for the warm-up.
      const dates = roundsNeeded(context);
      const aDate = Math.min(
        scale.commandsPerRound,
        Math.floor((arena.seats / seatsWished) * shareAsked),
      );
      log(`H1: ${2 * dates * aDate} users become ACTIVE`);
      const wishes = await gather(context, testBed, subject, dates * aDate + 1);
      const byNumber = wishes.map(({ request }) => request);
      const best = await gatherWishes(context, testBed, subject, { dates, aDate });
      const floorRound = roundsOf(context, testBed, subject, {
        ...{ row: "H1 by number", requests: byNumber, each: aDate },
      });
      const bestRound = roundsOf(context, testBed, subject, {
        ...{ row: "H1", requests: best.requests, each: aDate },
      });
      log("H1: warming up");
      await floorRound();
      await bestRound();
      log("H1: measuring");
      const found = await alternate(scale.rounds, floorRound, bestRound);
      await context.profile?.("H1", subject.output(), async () => void (await bestRound()));
      await checkSeats(testBed, best.concertId);
      const rates = (rounds: readonly Round[]): number[] => rounds.map((it) => it.perSecond);
      const ratio = ratios(rates(found.subject), rates(found.floor));
      yield {
        row: "H1",
        title: `reserve the best two seats of ${arena.seats.toLocaleString("en")} over HTTP`,
        method: `${connections} connections; each user asks for the best two seats. Each round sells up to ${aDate.toLocaleString("en")} pairs of one date, which is empty before it. It is compared with the requests of B3 to the same server: each user reserves another free seat by number, in halls of 50.`,
        subject: figureOf("best two seats", found.subject),
        floor: figureOf("B3: one seat by number", found.floor),
        ratio,
        targets: [{ what: "ratio", value: ratio.median, unit: "×", bound: 0.7, atLeast: true }],
        remarks: [],
        versions: testBed.versions,
      };
    } finally {
      await testBed.close();
    }
  },
};
