import { randomUUID } from "node:crypto";
import {
  bestConnections,
  databaseFloor,
  type DatabaseFloor,
  type FloorSetting,
} from "../floors/database-floor.ts";
import {
  freeSeats,
  createFloorConcert,
  payEffects,
  payStatement,
  reserveEffects,
  reserveStatement,
  unpaidReservations,
} from "../floors/statements.ts";
import { encodeRequest, writeRequests, type HttpRequest } from "../load/request-file.ts";
import { alternate, figureOf, type Round } from "../measure/round.ts";
import { ratios } from "../measure/statistics.ts";
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
import { reserveRequest } from "./hot-seat.ts";
import { subjectRounds } from "./http-comparison.ts";
import { failedRow, type Bench, type Context, type RowResult } from "./row.ts";

export const connections = 256;
const floorConnections = [8, 16, 32, 64, 128];

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

const openFloor = async (
  context: Context,
  testBed: TestBed,
  words: Pick<FloorSetting, "name" | "prepare" | "statement" | "effects">,
): Promise<DatabaseFloor> => {
  const { pgbench } = context;
  const url = await testBed.freshDatabase(words.name);
  const database = testBed.stores.find(({ name }) => name === "postgres");
  if (database === undefined) throw new Error("no database to watch");
  const { folder } = testBed;
  return databaseFloor({ ...words, open: createFloorConcert, url, folder, database, pgbench });
};

interface Contest {
  readonly row: string;
  readonly title: string;
  readonly bound: number;
  readonly what: string;
  readonly rule: string;
  readonly versions: TestBed["versions"];
}

const contest = async (
  context: Context,
  words: Contest,
  floor: DatabaseFloor,
  subject: () => Promise<Round>,
): Promise<RowResult> => {
  const { scale, log } = context;
  log(`${words.row}: looking for the floor's best number of connections`);
  await floor.stock(floorConnections.length * scale.floorTrialMs);
  const { best, tried } = await bestConnections(floor, floorConnections, scale.floorTrialMs);
  const floorRound = async (): Promise<Round> => {
    const { perSecond, databaseUs, idle } = await floor.run(best, scale.roundMs);
    const cpuUs = { postgres: databaseUs };
    return { perSecond, cpuUs, serverBusy: null, idle, latency: null };
  };
  await floor.stock(scale.rounds * scale.roundMs);
  log(`${words.row}: measuring`);
  await subject();
  const found = await alternate(scale.rounds, floorRound, subject);
  const rates = (rounds: readonly Round[]): number[] => rounds.map((round) => round.perSecond);
  const ratio = ratios(rates(found.subject), rates(found.floor));
  const trials = tried.map((run) => `${run.connections}: ${Math.round(run.perSecond)}/s`);
  return {
    row: words.row,
    title: words.title,
    method: `${connections} connections, so at most ${connections} in flight; ${words.what}. The floor is ${floor.client} with ${words.rule} as one prepared statement a transaction on the same server, fsync on; its number of connections was tried (${trials.join(", ")}) and the fastest, ${best}, taken.`,
    subject: figureOf("Frontrow", found.subject),
    floor: figureOf(`${floor.client}, ${best} connections`, found.floor),
    ratio,
    targets: [{ what: "ratio", value: ratio.median, unit: "×", bound: words.bound, atLeast: true }],
    remarks: [],
    versions: words.versions,
  };
};

/** Payments of one round: a round that has made them all ends before its time. */
const paymentsOf = ({ scale }: Context): number => Math.floor(scale.commandsPerRound * 0.75);

export const roundsNeeded = (context: Context): number =>
  context.scale.rounds + (context.profile === null ? 1 : 2);

/** Every command that was answered with success is in the database, and no other. */
const checkCount = async (testBed: TestBed, text: string, expected: number): Promise<void> => {
  const [row] = await testBed.sql<{ count: string }>(text);
  if (Number(row?.count) !== expected)
    throw new Error(`${row?.count} rows for ${expected} successes: ${text}`);
};

/** The users who may buy, enough for all rounds of the requested rows. */
const gatherAll = (context: Context, testBed: TestBed, subject: Subject): Promise<Wish[]> => {
  const each = context.wants("B3") ? context.scale.commandsPerRound : paymentsOf(context);
  const total = each * roundsNeeded(context) + 1;
  context.log(`B3, B5: ${total} users become ACTIVE`);
  return gather(context, testBed, subject, total);
};

const reserve = async (
  context: Context,
  testBed: TestBed,
  subject: Subject,
  wishes: readonly Wish[],
): Promise<RowResult> => {
  const countPerRound = context.scale.commandsPerRound;
  const requestsFile = newFile(testBed, "reservations");
  writeRequests(
    requestsFile,
    wishes.map(({ request }) => encodeRequest(request)),
  );
  const round = subjectRounds(context, {
    ...{ row: "B3", testBed, subject, requestsFile, countPerRound, connections },
    cycle: false,
    status: 201,
  });
  const floor = await openFloor(context, testBed, {
    name: "floor_reserve",
    prepare: freeSeats,
    statement: reserveStatement,
    effects: reserveEffects,
  });
  const words: Contest = {
    row: "B3",
    title: "reserve over HTTP, distinct free seats, committed with fsync",
    bound: 1,
    what: "each user reserves another free seat",
    rule: "the rule of reserving",
    versions: testBed.versions,
  };
  const result = await contest(context, words, floor, round);
  await context.profile?.("B3", subject.output(), async () => void (await round()));
  return result;
};

interface Held {
  readonly reservation_id: string;
  readonly user_id: string;
}

/** As many reservations as are to be paid: more are made where B3 has made too few. */
const unpaid = async (
  { load, log }: Context,
  testBed: TestBed,
  subject: Subject,
  crowd: { readonly wishes: readonly Wish[]; readonly wanted: number },
): Promise<Held[]> => {
  const find = (): Promise<Held[]> =>
    testBed.sql<Held>("select reservation_id, user_id from reservation where status = 'HELD'");
  const held = await find();
  if (held.length >= crowd.wanted) return held.slice(0, crowd.wanted);
  const holders = new Set(held.map(({ user_id }) => user_id));
  const others = crowd.wishes.filter(({ userId }) => !holders.has(userId));
  const missing = others.slice(0, crowd.wanted - held.length).map(({ request }) => request);
  log(`B5: reserving ${missing.length} more`);
  await sendAll(testBed, load, subject, missing);
  return find();
};

const pay = async (
  context: Context,
  testBed: TestBed,
  subject: Subject,
  wishes: readonly Wish[],
): Promise<RowResult> => {
  const countPerRound = paymentsOf(context);
  const wanted = countPerRound * roundsNeeded(context) + 1;
  const tokenOf = new Map(wishes.map(({ userId, queueToken }) => [userId, queueToken]));
  const held = await unpaid(context, testBed, subject, { wishes, wanted });
  context.log(`B5: charging ${held.length} balances`);
  const charges = held.map(({ user_id }) => ({
    method: "POST" as const,
    path: `/api/v1/users/${user_id}/balance/charges`,
    token: accessToken(testBed, user_id),
    key: randomUUID(),
    body: { amount: 1000 },
  }));
  await sendAll(testBed, context.load, subject, charges);
  const requestsFile = newFile(testBed, "payments");
  const requests = held.map(({ reservation_id, user_id }) =>
    encodeRequest({
      method: "POST",
      path: "/api/v1/payments",
      token: tokenOf.get(user_id) ?? "",
      body: { reservationId: reservation_id },
    }),
  );
  writeRequests(requestsFile, requests);
  const round = subjectRounds(context, {
    ...{ row: "B5", testBed, subject, requestsFile, countPerRound, connections },
    cycle: false,
    status: 201,
  });
  const floor = await openFloor(context, testBed, {
    name: "floor_pay",
    prepare: unpaidReservations,
    statement: payStatement,
    effects: payEffects,
  });
  const words: Contest = {
    row: "B5",
    title: "pay over HTTP, distinct reservations",
    bound: 1,
    what: "each user pays an own reservation from a balance that was charged before",
    rule: "the rule of paying",
    versions: testBed.versions,
  };
  const result = await contest(context, words, floor, round);
  await context.profile?.("B5", subject.output(), async () => void (await round()));
  await checkCount(
    testBed,
    "select count(*) from payment p join reservation r using (reservation_id) where r.status <> 'CONFIRMED'",
    0,
  );
  return result;
};

/** B3 and B5: users reserve seats, then pay for them. */
export const sales: Bench = {
  rows: ["B3", "B5"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const testBed = await openTestBed();
    try {
      const subject = await testBed.startSubject(context.subject);
      const wishes = await gatherAll(context, testBed, subject);
      if (context.wants("B3")) {
        try {
          yield await reserve(context, testBed, subject, wishes);
        } catch (error) {
          yield failedRow("B3", error);
        }
      }
      if (context.wants("B5")) yield await pay(context, testBed, subject, wishes);
    } finally {
      await testBed.close();
    }
  },
};
