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
import { encodeRequest, writeRequests, type RequestWords } from "../load/request-book.ts";
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
} from "../stage/crowd.ts";
import { openStage, type Stage, type Subject } from "../stage/stage.ts";
import { reserveRequest } from "./hot-seat.ts";
import { subjectRounds } from "./http-duel.ts";
import { failedRow, type Bench, type Context, type RowResult } from "./row.ts";

const connections = 256;
const floorConnections = [8, 16, 32, 64, 128];

/** One seat, and the ACTIVE person who is going to take it. */
interface Wish {
  readonly userId: UserId;
  readonly queueToken: string;
  readonly request: RequestWords;
}

/** Halls with so many free seats, and an ACTIVE person for each of them. */
const gather = async (
  context: Context,
  stage: Stage,
  subject: Subject,
  count: number,
): Promise<Wish[]> => {
  const wishes: Wish[] = [];
  for (const { concertId, shows } of await createConcerts(stage, subject, count)) {
    const users = newUsers(shows.length * seatsPerShow);
    const crowd = { concertId, users };
    const queueTokens = await joinAll(stage, context.load, subject, crowd);
    await untilActive(stage, subject, concertId, users.length);
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
  stage: Stage,
  words: Pick<FloorSetting, "name" | "prepare" | "statement" | "effects">,
): Promise<DatabaseFloor> => {
  const { pgbench } = context;
  const url = await stage.freshDatabase(words.name);
  const database = stage.stores.find(({ name }) => name === "postgres");
  if (database === undefined) throw new Error("no database to watch");
  const { folder } = stage;
  return databaseFloor({ ...words, open: createFloorConcert, url, folder, database, pgbench });
};

interface Contest {
  readonly row: string;
  readonly title: string;
  readonly bound: number;
  readonly what: string;
  readonly rule: string;
  readonly versions: Stage["versions"];
}

const contest = async (
  context: Context,
  words: Contest,
  floor: DatabaseFloor,
  subject: () => Promise<Round>,
): Promise<RowResult> => {
  const { scale, say } = context;
  say(`${words.row}: looking for the floor's best number of connections`);
  await floor.stock(floorConnections.length * scale.floorTrialMs);
  const { best, tried } = await bestConnections(floor, floorConnections, scale.floorTrialMs);
  const floorRound = async (): Promise<Round> => {
    const { perSecond, databaseUs, idle } = await floor.run(best, scale.roundMs);
    const cpuUs = { postgres: databaseUs };
    return { perSecond, cpuUs, serverBusy: null, idle, latency: null };
  };
  await floor.stock(scale.rounds * scale.roundMs);
  say(`${words.row}: measuring`);
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
    reaches: [{ what: "ratio", value: ratio.median, unit: "×", bound: words.bound, atLeast: true }],
    remarks: [],
    versions: words.versions,
  };
};

/** Payments of one round: a round that has made them all ends before its time. */
const paymentsOf = ({ scale }: Context): number => Math.floor(scale.commandsPerRound * 0.75);

const roundsNeeded = (context: Context): number =>
  context.scale.rounds + (context.profile === null ? 1 : 2);

/** Every command that was answered with success is in the database, and no other. */
const checkCount = async (stage: Stage, text: string, expected: number): Promise<void> => {
  const [row] = await stage.sql<{ count: string }>(text);
  if (Number(row?.count) !== expected)
    throw new Error(`${row?.count} rows for ${expected} successes: ${text}`);
};

/** The users who may buy, enough for all rounds of the requested rows. */
const gatherAll = (context: Context, stage: Stage, subject: Subject): Promise<Wish[]> => {
  const each = context.wants("B3") ? context.scale.commandsPerRound : paymentsOf(context);
  const total = each * roundsNeeded(context) + 1;
  context.say(`B3, B5: ${total} users become ACTIVE`);
  return gather(context, stage, subject, total);
};

const reserve = async (
  context: Context,
  stage: Stage,
  subject: Subject,
  wishes: readonly Wish[],
): Promise<RowResult> => {
  const countPerRound = context.scale.commandsPerRound;
  const requestsFile = newFile(stage, "reservations");
  writeRequests(
    requestsFile,
    wishes.map(({ request }) => encodeRequest(request)),
  );
  const round = subjectRounds(context, {
    ...{ row: "B3", stage, subject, requestsFile, countPerRound, connections },
    cycle: false,
    status: 201,
  });
  const floor = await openFloor(context, stage, {
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
    versions: stage.versions,
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
  { load, say }: Context,
  stage: Stage,
  subject: Subject,
  crowd: { readonly wishes: readonly Wish[]; readonly wanted: number },
): Promise<Held[]> => {
  const find = (): Promise<Held[]> =>
    stage.sql<Held>("select reservation_id, user_id from reservation where status = 'HELD'");
  const held = await find();
  if (held.length >= crowd.wanted) return held.slice(0, crowd.wanted);
  const holders = new Set(held.map(({ user_id }) => user_id));
  const others = crowd.wishes.filter(({ userId }) => !holders.has(userId));
  const missing = others.slice(0, crowd.wanted - held.length).map(({ request }) => request);
  say(`B5: reserving ${missing.length} more`);
  await sendAll(stage, load, subject, missing);
  return find();
};

const pay = async (
  context: Context,
  stage: Stage,
  subject: Subject,
  wishes: readonly Wish[],
): Promise<RowResult> => {
  const countPerRound = paymentsOf(context);
  const wanted = countPerRound * roundsNeeded(context) + 1;
  const tokenOf = new Map(wishes.map(({ userId, queueToken }) => [userId, queueToken]));
  const held = await unpaid(context, stage, subject, { wishes, wanted });
  context.say(`B5: charging ${held.length} balances`);
  const charges = held.map(({ user_id }) => ({
    method: "POST" as const,
    path: `/api/v1/users/${user_id}/balance/charges`,
    token: accessToken(stage, user_id),
    key: randomUUID(),
    body: { amount: 1000 },
  }));
  await sendAll(stage, context.load, subject, charges);
  const requestsFile = newFile(stage, "payments");
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
    ...{ row: "B5", stage, subject, requestsFile, countPerRound, connections },
    cycle: false,
    status: 201,
  });
  const floor = await openFloor(context, stage, {
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
    versions: stage.versions,
  };
  const result = await contest(context, words, floor, round);
  await context.profile?.("B5", subject.output(), async () => void (await round()));
  await checkCount(
    stage,
    "select count(*) from payment p join reservation r using (reservation_id) where r.status <> 'CONFIRMED'",
    0,
  );
  return result;
};

/** B3 and B5: people take seats, then pay for them. */
export const sales: Bench = {
  rows: ["B3", "B5"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const stage = await openStage();
    try {
      const subject = await stage.startSubject(context.subject);
      const wishes = await gatherAll(context, stage, subject);
      if (context.wants("B3")) {
        try {
          yield await reserve(context, stage, subject, wishes);
        } catch (error) {
          yield failedRow("B3", error);
        }
      }
      if (context.wants("B5")) yield await pay(context, stage, subject, wishes);
    } finally {
      await stage.close();
    }
  },
};
