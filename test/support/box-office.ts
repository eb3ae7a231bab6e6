import { randomUUID } from "node:crypto";
import { toId, type ConcertId, type Id, type ReservationId, type UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { mintId } from "#platform/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import {
  pgBoxOffice,
  type BoxOfficeOptions,
  type PgBoxOffice,
} from "../../src/sale/adapters/postgres/box-office.ts";
import type {
  CancelOutcome,
  ChargeOutcome,
  PayOutcome,
  Reserve,
  ReserveOutcome,
} from "../../src/sale/domain/commands.ts";
import type { Reservation } from "../../src/sale/domain/reservation.ts";
import type { SaleObserver } from "../../src/sale/ports/observer.ts";
import { seatsUnderTest } from "./halls.ts";
import { freshDatabase, openPatiently } from "./postgres.ts";

export const seatPrice = 1000;
export const dates = ["2027-12-24", "2027-12-25"] as const;

export const newId = <Kind extends string>(): Id<Kind> => toId<Kind>(randomUUID());

export const silent: SaleObserver = {
  commandAnswered: () => undefined,
  batchEnded: () => undefined,
  swept: () => undefined,
  outboxDelivered: () => undefined,
};

/** Commands to one office, with what a test does not care about filled in. */
export interface Teller {
  readonly office: PgBoxOffice;
  readonly database: Database;
  reserve(
    userId: UserId,
    seatNumbers: readonly number[],
    part?: Partial<Reserve>,
  ): Promise<ReserveOutcome>;
  /** Reserves and fails the test unless it worked. */
  held(
    userId: UserId,
    seatNumbers: readonly number[],
    part?: Partial<Reserve>,
  ): Promise<Reservation>;
  pay(
    userId: UserId,
    reservationId: ReservationId,
    part?: { key?: string; place?: PlaceMark; concertId?: ConcertId },
  ): Promise<PayOutcome>;
  charge(
    userId: UserId,
    amount: number,
    part?: { key?: string; fingerprint?: string },
  ): Promise<ChargeOutcome>;
  cancel(userId: UserId, reservationId: ReservationId): Promise<CancelOutcome>;
  leave(userId: UserId, place: PlaceMark): Promise<void>;
}

export interface SaleFixture extends Teller {
  readonly url: string;
  readonly concertId: ConcertId;
  sql<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Another office on connections of its own: what another instance is. */
  another(part?: Partial<BoxOfficeOptions>): Teller;
  /** Makes a hold lapse now. */
  lapse(reservationId: ReservationId): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const markOf = (seq: number, epoch = 1): PlaceMark => ({ epoch, seq });

const tellerOn = (office: PgBoxOffice, database: Database, concertId: ConcertId): Teller => {
  const intentOf = (key: string | undefined, fingerprint: string) =>
    key === undefined ? null : { key, fingerprint };
  const reserve: Teller["reserve"] = (userId, seatNumbers, part = {}) =>
    office.submit<"reserve">({
      kind: "reserve",
      reservationId: mintId<"reservation">(),
      userId,
      concertId,
      place: markOf(1),
      date: dates[0],
      seatNumbers,
      rows: [],
      holdSeconds: 300,
      maxSeatsPerUser: 50,
      maxSeatsPerReservation: 50,
      holdPolicy: { holdsPerUser: 0, holdCooldownSeconds: 0 },
      currency: "KRW",
      intent: null,
      ...part,
    });
  return {
    office,
    database,
    reserve,
    async held(userId, seatNumbers, part) {
      const outcome = await reserve(userId, seatNumbers, part);
      if (outcome.kind !== "reserved") throw new Error(`not reserved: ${outcome.kind}`);
      return outcome.reservation;
    },
    pay: (userId, reservationId, part = {}) =>
      office.submit<"pay">({
        kind: "pay",
        paymentId: mintId<"payment">(),
        userId,
        concertId: part.concertId ?? concertId,
        place: part.place ?? markOf(1),
        reservationId,
        intent: intentOf(part.key, "pay"),
      }),
    charge: (userId, amount, part = {}) =>
      office.submit<"charge">({
        kind: "charge",
        chargeId: mintId<"charge">(),
        userId,
        amount,
        currency: "KRW",
        intent: { key: part.key ?? randomUUID(), fingerprint: part.fingerprint ?? "charge" },
      }),
    cancel: (userId, reservationId) =>
      office.submit<"cancel">({ kind: "cancel", userId, reservationId, tokenConcertId: null }),
    async leave(userId, place) {
      await office.submit<"leave">({ kind: "leave", userId, concertId, place });
    },
  };
};

const putOnSale = async (database: Database, concertId: ConcertId): Promise<void> => {
  const statements: [string, readonly unknown[]][] = [
    [
      `insert into concert (concert_id, title, time_zone, currency, policy)
       values ($1, 'Concert', 'Asia/Seoul', 'KRW', '{}')`,
      [concertId],
    ],
    [
      `insert into show (concert_id, date, starts_at)
       select $1, d, d::timestamptz from unnest($2::date[]) d`,
      [concertId, dates],
    ],
    [
      `insert into grade (concert_id, name, price, position, seat_count) values ($1, 'R', $2, 0, $3)`,
      [concertId, seatPrice, seatsUnderTest()],
    ],
    [
      `insert into seat (concert_id, date, seat_number, grade)
       select $1, d, n, 'R' from unnest($2::date[]) d, generate_series(1, $3::int4) n`,
      [concertId, dates, seatsUnderTest()],
    ],
  ];
  for (const [text, values] of statements) await database.query({ text, values });
};

/** A database of the test's own with one concert on sale, and an office on it. */
export const openSaleFixture = async (
  part: Partial<BoxOfficeOptions> = {},
): Promise<SaleFixture> => {
  const { url, [Symbol.asyncDispose]: drop } = await freshDatabase();
  const concertId = newId<"concert">();
  const opened: Teller[] = [];
  const another: SaleFixture["another"] = (more = {}) => {
    const database = more.database ?? openPatiently({ url });
    const office = pgBoxOffice({
      database,
      mintId,
      monotonicMs: () => performance.now(),
      observer: silent,
      ...part,
      ...more,
    });
    const teller = tellerOn(office, database, concertId);
    opened.push(teller);
    return teller;
  };
  const own = another();
  await putOnSale(own.database, concertId);
  const sql: SaleFixture["sql"] = (text, values = []) => own.database.query({ text, values });
  return {
    ...own,
    url,
    concertId,
    sql,
    another,
    async lapse(reservationId) {
      const past = "clock_timestamp() - interval '1 ms'";
      await sql(`update reservation set expires_at = ${past} where reservation_id = $1`, [
        reservationId,
      ]);
      await sql(`update seat set expires_at = ${past} where reservation_id = $1`, [reservationId]);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((one) => one.office.close()));
      await Promise.all(opened.map((one) => one.database.close()));
      await drop();
    },
  };
};
