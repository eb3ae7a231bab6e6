import { randomUUID } from "node:crypto";
import {
  freeSeats,
  payEffects,
  payStatement,
  reserveEffects,
  reserveStatement,
  unpaidReservations,
} from "../floors/statements.ts";
import { encodeRequest, writeRequests, type HttpRequest } from "../load/request-file.ts";
import {
  accessToken,
  createConcerts,
  joinAll,
  newFile,
  newUsers,
  seatsPerShow,
  sendAll,
  untilActive,
  type UserId,
} from "../test-bed/setup.ts";
import { openTestBed, type TestBed, type Subject } from "../test-bed/test-bed.ts";
import { measureWrites } from "./database-comparison.ts";
import { reserveRequest } from "./hot-seat.ts";
import {
  loadRows,
  measureEach,
  namesOf,
  roundsNeeded,
  wantedOf,
  type LoadRow,
} from "./load-rows.ts";
import type { Bench, Context, RowResult } from "./row.ts";

export const connections = 256;
const reserving = loadRows({ row: "B3", connections }, "C");
const paying = loadRows({ row: "B5", connections }, "E");

/** A free seat, and the ACTIVE user who reserves it. */
interface Wish {
  readonly userId: UserId;
  readonly queueToken: string;
  readonly request: HttpRequest;
}

/** Free seats, and an ACTIVE user for each of them. */
export const gather = async (
  context: Context,
  testBed: TestBed,
  subject: Subject,
  count: number,
): Promise<Wish[]> => {
  const wishes: Wish[] = [];
  for (const { concertId, shows } of await createConcerts(testBed, subject, count)) {
    const users = newUsers(shows.length * seatsPerShow);
    const crowd = { concertId, users };
    const queueTokens = await joinAll(testBed, context.load, subject, crowd);
    await untilActive(testBed, subject, concertId, users.length);
    for (const [index, userId] of users.entries()) {
      const show = shows[Math.floor(index / seatsPerShow)];
      const queueToken = queueTokens[index];
      if (show === undefined || queueToken === undefined) throw new RangeError("a seat too many");
      const request = reserveRequest(show, (index % seatsPerShow) + 1, queueToken);
      wishes.push({ userId, queueToken, request });
    }
  }
  return wishes.slice(0, count);
};

/** Reservations that the rounds of a row can make: one more than are sent. */
const reservationsOf = (context: Context): number =>
  context.scale.commandsPerRound * roundsNeeded(context) + 1;

/** Payments of one round: a round that has made them all ends before its time. */
const paymentsPerRound = ({ scale }: Context): number => Math.floor(scale.commandsPerRound * 0.75);
const paymentsOf = (context: Context): number =>
  paymentsPerRound(context) * roundsNeeded(context) + 1;

/** Every command that was answered with success is in the database, and no other. */
const checkCount = async (testBed: TestBed, text: string, expected: number): Promise<void> => {
  const [row] = await testBed.sql<{ count: string }>(text);
  if (Number(row?.count) !== expected)
    throw new Error(`${row?.count} rows for ${expected} successes: ${text}`);
};

/** Gives away the users who may buy, each once. */
type Take = (count: number) => readonly Wish[];

/** The users who may buy, enough for all rounds of the wanted rows. */
const gatherAll = async (context: Context, testBed: TestBed, subject: Subject): Promise<Take> => {
  const [reserved, paid] = [wantedOf(context, reserving), wantedOf(context, paying)];
  const total = reserved.length * reservationsOf(context) + paid.length * paymentsOf(context);
  context.log(`${namesOf([...reserved, ...paid]).join(", ")}: ${total} users become ACTIVE`);
  const wishes = await gather(context, testBed, subject, total);
  return (count) => wishes.splice(0, count);
};

const writeAll = (testBed: TestBed, name: string, requests: readonly HttpRequest[]): string => {
  const requestsFile = newFile(testBed, name);
  writeRequests(requestsFile, requests.map(encodeRequest));
  return requestsFile;
};

interface Scene {
  readonly testBed: TestBed;
  readonly subject: Subject;
  readonly take: Take;
}

const inFlight = (row: LoadRow): string =>
  `${row.connections} connections, so at most ${row.connections} in flight`;

const reserve = (
  context: Context,
  { testBed, subject, take }: Scene,
  row: LoadRow,
): Promise<RowResult> => {
  const requests = take(reservationsOf(context)).map(({ request }) => request);
  const load = {
    ...{ ...row, testBed, subject, requestsFile: writeAll(testBed, "reservations", requests) },
    countPerRound: context.scale.commandsPerRound,
    cycle: false,
    status: 201,
  };
  return measureWrites(context, row, load, {
    title: "reserve over HTTP, distinct free seats, committed with fsync",
    method: `${inFlight(row)}; each user reserves another free seat.`,
    floor: {
      ...{ name: "floor_reserve", rule: "the rule of reserving", prepare: freeSeats },
      ...{ statement: reserveStatement, effects: reserveEffects },
    },
  });
};

/** Payments of users who have reserved a seat and charged their balance. */
const payments = async (
  { load, log }: Context,
  { testBed, subject }: Scene,
  row: string,
  wishes: readonly Wish[],
): Promise<HttpRequest[]> => {
  log(`${row}: reserving ${wishes.length} seats`);
  const reservations = wishes.map(({ request }) => request);
  const answers = await sendAll(testBed, load, subject, reservations);
  log(`${row}: charging ${wishes.length} balances`);
  const charges = wishes.map(({ userId }) => ({
    method: "POST" as const,
    path: `/api/v1/users/${userId}/balance/charges`,
    token: accessToken(testBed, userId),
    key: randomUUID(),
    body: { amount: 1000 },
  }));
  await sendAll(testBed, load, subject, charges);
  return wishes.map(({ queueToken }, index) => {
    const { reservationId } = JSON.parse(answers[index]?.body ?? "{}") as {
      reservationId?: string;
    };
    return {
      method: "POST" as const,
      path: "/api/v1/payments",
      token: queueToken,
      body: { reservationId },
    };
  });
};

const pay = async (context: Context, scene: Scene, row: LoadRow): Promise<RowResult> => {
  const { testBed, subject, take } = scene;
  const requests = await payments(context, scene, row.row, take(paymentsOf(context)));
  const load = {
    ...{ ...row, testBed, subject, requestsFile: writeAll(testBed, "payments", requests) },
    countPerRound: paymentsPerRound(context),
    cycle: false,
    status: 201,
  };
  const result = await measureWrites(context, row, load, {
    title: "pay over HTTP, distinct reservations",
    method: `${inFlight(row)}; each user pays an own reservation from a balance that was charged before.`,
    floor: {
      ...{ name: "floor_pay", rule: "the rule of paying", prepare: unpaidReservations },
      ...{ statement: payStatement, effects: payEffects },
    },
  });
  await checkCount(
    testBed,
    "select count(*) from payment p join reservation r using (reservation_id) where r.status <> 'CONFIRMED'",
    0,
  );
  return result;
};

/** B3 and C: users reserve seats. B5 and E: other users pay for theirs. */
export const sales: Bench = {
  rows: namesOf([...reserving, ...paying]),
  async *run(context: Context): AsyncIterable<RowResult> {
    const testBed = await openTestBed();
    try {
      const subject = await testBed.startSubject(context.subject);
      const scene = { testBed, subject, take: await gatherAll(context, testBed, subject) };
      yield* measureEach(context, reserving, (row) => reserve(context, scene, row));
      yield* measureEach(context, paying, (row) => pay(context, scene, row));
    } finally {
      await testBed.close();
    }
  },
};
