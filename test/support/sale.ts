import { randomUUID } from "node:crypto";
import { after } from "node:test";
import { openClient, succeeded, type Answer, type Call, type Members } from "./client.ts";
import { hallUnderTest } from "./halls.ts";
import type { Deployment, Instance } from "./server.ts";
import { mapConcurrently, sleep, times } from "./concurrency.ts";

export interface Fan {
  readonly userId: string;
  readonly accessToken: string;
}

export interface OnSale {
  readonly concertId: string;
  readonly dates: readonly string[];
  readonly price: number;
}

/** A fan with a place in one concert's queue, and its newest token. */
export interface Placed extends Fan {
  readonly concertId: string;
  readonly queueToken: string;
}

export interface QueueStatus {
  readonly token: string;
  readonly userId: string;
  readonly concertId: string;
  readonly status: "LOBBY" | "WAITING" | "WAITLISTED" | "ACTIVE" | "ENDED";
  readonly queueState: string;
  readonly position: number | null;
  readonly ahead: number | null;
  readonly pollAfterMs: number;
  readonly expiresAt: string | null;
  readonly endedReason: string | null;
  readonly cancelledAt: string | null;
  readonly serverTime: string;
}

export interface Reservation {
  readonly reservationId: string;
  readonly userId: string;
  readonly concertId: string;
  readonly date: string;
  readonly seatNumbers: readonly number[];
  readonly amount: number;
  readonly status: "HELD" | "CONFIRMED" | "EXPIRED" | "CANCELLED";
  readonly heldAt: string;
  readonly expiresAt: string;
}

export interface Payment {
  readonly paymentId: string;
  readonly reservationId: string;
  readonly userId: string;
  readonly amount: number;
  readonly balance: number;
  readonly tickets: readonly {
    ticketId: string;
    concertId: string;
    date: string;
    seatNumber: number;
  }[];
}

export interface SaleOptions {
  /** Default Proof. */
  readonly title?: string;
  readonly dates?: readonly { readonly date: string; readonly startsAt?: string }[];
  /** Default UTC. */
  readonly timeZone?: string;
  readonly price?: number;
  readonly grades?: readonly Members[];
  readonly seatingPlan?: Members;
  readonly policy?: Members;
}

export interface Wanted {
  readonly date: string;
  readonly seatNumbers: readonly number[];
}

interface Sending {
  readonly key?: string;
  readonly on?: number;
}

/** A calendar date so many days from today. */
export const dateIn = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** A policy under which no user waits in the queue: for tests of other parts. */
export const openDoors = {
  maxActive: 1_000_000,
  admissionsPerMinute: 1_000_000,
  shoppersPerSeat: 1000,
  sessionSeconds: 600,
  claimSeconds: 300,
  holdSeconds: 300,
} as const;

export interface Sale {
  readonly call: Call;
  admin(method: string, path: string, body?: unknown, on?: number): Promise<Answer>;
  onSale(options?: SaleOptions): Promise<OnSale>;
  fan(options?: { balance?: number }): Promise<Fan>;
  fans(count: number, options?: { balance?: number }): Promise<Fan[]>;
  charge(fan: Fan, amount: number, sending?: Sending): Promise<Answer>;
  balanceOf(fan: Fan): Promise<number>;
  join(fan: Fan, concertId: string, on?: number): Promise<Answer>;
  /** Joins and returns the place with its token, whatever its status. */
  placed(fan: Fan, concertId: string): Promise<Placed>;
  poll(placed: Placed, on?: number): Promise<Answer>;
  status(placed: Placed): Promise<QueueStatus>;
  /** Joins and polls until the place is ACTIVE. */
  admitted(fan: Fan, concertId: string): Promise<Placed>;
  /** The same for many, in the order given. */
  allAdmitted(fans: readonly Fan[], concertId: string): Promise<Placed[]>;
  leave(placed: Placed, on?: number): Promise<Answer>;
  reserve(placed: Placed, wanted: Wanted, sending?: Sending): Promise<Answer>;
  reserved(placed: Placed, wanted: Wanted): Promise<Reservation>;
  cancel(fan: Fan, reservationId: string, on?: number): Promise<Answer>;
  pay(placed: Placed, reservationId: string, sending?: Sending): Promise<Answer>;
}

const patienceMs = 120_000;

/** Asks again after Retry-After, as a client does after 429 or 503. */
export const patiently = async (ask: () => Promise<Answer>): Promise<Answer> => {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    const again = answer.status === 429 || answer.status === 503;
    if (!again || performance.now() > deadlineMs) return answer;
    await sleep(Number(answer.headers["retry-after"]) * 1000);
  }
};

const sendingWords = (sending: Sending): { key?: string; on?: number } => ({
  ...(sending.key === undefined ? {} : { key: sending.key }),
  ...(sending.on === undefined ? {} : { on: sending.on }),
});

/** The calls of users and operators over the HTTP API. */
export const openSale = (deployment: Deployment): Sale => {
  const { call } = deployment.client;
  const on = (index: number | undefined): { on?: number } =>
    sendingWords(index === undefined ? {} : { on: index });
  const tokens = (concertId: string): string => `/api/v1/concerts/${concertId}/queue/tokens`;

  const admin: Sale["admin"] = (method, path, body, index) =>
    call({ method, path: `/admin/v1${path}`, token: deployment.operatorKey, body, ...on(index) });

  const charge: Sale["charge"] = (fan, amount, sending = {}) =>
    call({
      method: "POST",
      path: `/api/v1/users/${fan.userId}/balance/charges`,
      token: fan.accessToken,
      key: randomUUID(),
      body: { amount },
      ...sendingWords(sending),
    });

  const fan: Sale["fan"] = async ({ balance = 0 } = {}) => {
    const users = { method: "POST", path: "/api/v1/users", body: {} };
    const made = succeeded<Fan>(await patiently(() => call(users)), 201);
    for (let left = balance; left > 0; left -= 10_000_000) {
      const key = randomUUID();
      const amount = Math.min(left, 10_000_000);
      succeeded(await patiently(() => charge(made, amount, { key })), 201);
    }
    return { userId: made.userId, accessToken: made.accessToken };
  };

  const join: Sale["join"] = (who, concertId, index) =>
    call({ method: "POST", path: tokens(concertId), token: who.accessToken, ...on(index) });

  const poll: Sale["poll"] = (placed, index) =>
    call({ path: `${tokens(placed.concertId)}/me`, token: placed.queueToken, ...on(index) });

  const placeIn = async (who: Fan, concertId: string): Promise<[Placed, QueueStatus]> => {
    const status = succeeded<QueueStatus>(await patiently(() => join(who, concertId)));
    const { userId, accessToken } = who;
    return [{ userId, accessToken, concertId, queueToken: status.token }, status];
  };

  const untilActive = async (from: Placed): Promise<Placed> => {
    const deadlineMs = performance.now() + patienceMs;
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 1.5, 400)) {
      await sleep(waitMs);
      const status = succeeded<QueueStatus>(await patiently(() => poll(from)), 200);
      if (status.status === "ACTIVE") return { ...from, queueToken: status.token };
      if (status.status === "ENDED" || performance.now() > deadlineMs)
        throw new Error(`not admitted: ${JSON.stringify(status)}`);
    }
  };

  const admitted: Sale["admitted"] = async (who, concertId) => {
    const [place, status] = await placeIn(who, concertId);
    return status.status === "ACTIVE" ? place : untilActive(place);
  };

  const reserve: Sale["reserve"] = (place, wanted, sending = {}) =>
    call({
      method: "POST",
      path: "/api/v1/reservations",
      token: place.queueToken,
      body: wanted,
      ...sendingWords(sending),
    });

  const onSale: Sale["onSale"] = async ({
    title = "Proof",
    dates = [{ date: dateIn(30) }],
    timeZone = "UTC",
    price = 1000,
    grades,
    seatingPlan,
    policy = {},
  } = {}) => {
    const body = {
      title,
      timeZone,
      dates,
      ...(seatingPlan !== undefined
        ? { seatingPlan }
        : grades === undefined
          ? hallUnderTest(price)
          : { grades }),
      policy: { ...openDoors, ...policy },
    };
    // A large hall on a slow machine may take longer than an answer may: the same key asks again.
    const key = randomUUID();
    const creation = { method: "POST", path: "/admin/v1/concerts", token: deployment.operatorKey };
    const made = succeeded<OnSale>(await patiently(() => call({ ...creation, body, key })), 201);
    return { concertId: made.concertId, dates: dates.map((it) => it.date), price };
  };

  return {
    call,
    admin,
    onSale,
    fan,
    fans: (count, options) =>
      mapConcurrently(
        times(count, () => options),
        48,
        (it) => fan(it),
      ),
    charge,
    balanceOf: async (who) =>
      succeeded<{ balance: number }>(
        await call({ path: `/api/v1/users/${who.userId}/balance`, token: who.accessToken }),
        200,
      ).balance,
    join,
    placed: async (who, concertId) => (await placeIn(who, concertId))[0],
    poll,
    status: async (place) => succeeded<QueueStatus>(await poll(place), 200),
    admitted,
    allAdmitted: (fans, concertId) => mapConcurrently(fans, 64, (it) => admitted(it, concertId)),
    leave: (place, index) =>
      call({
        method: "DELETE",
        path: `${tokens(place.concertId)}/me`,
        token: place.queueToken,
        ...on(index),
      }),
    reserve,
    reserved: async (place, wanted) => succeeded<Reservation>(await reserve(place, wanted), 201),
    cancel: (who, reservationId, index) =>
      call({
        method: "DELETE",
        path: `/api/v1/reservations/${reservationId}`,
        token: who.accessToken,
        ...on(index),
      }),
    pay: (place, reservationId, sending = {}) =>
      call({
        method: "POST",
        path: "/api/v1/payments",
        token: place.queueToken,
        body: { reservationId },
        ...sendingWords(sending),
      }),
  };
};

/** The same by these instances alone, until the tests of the file are over. */
export const openSaleOn = (deployment: Deployment, instances: readonly Instance[]): Sale => {
  const client = openClient(instances.map(({ url }) => url));
  after(() => client.close());
  return openSale({ ...deployment, client });
};
