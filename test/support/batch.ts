import type { ConcertId, Id, MintId, ReservationId, UserId } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import {
  buyerKey,
  emptyState,
  gradeKey,
  putReservation,
  type BatchState,
} from "../../src/sale/domain/batch-state.ts";
import { hallPlan } from "../../src/catalogue/domain/hall.ts";
import type { Charge, Pay, Reserve } from "../../src/sale/domain/commands.ts";
import type { UnpaidHold } from "../../src/sale/domain/hold-limit.ts";
import type { SoldTicket } from "../../src/sale/domain/refund.ts";
import type { Reservation } from "../../src/sale/domain/reservation.ts";
import type { ConcertOnSale } from "../../src/sale/ports/concerts-on-sale.ts";
import { wholeMap, type SeatMap } from "../../src/sale/domain/seat-map.ts";
import { seatKey, type Seat, type SeatStatus } from "../../src/sale/domain/seat.ts";

/** The n-th id of a test: readable, and the same each time. */
export const idOf = <Kind extends string>(n: number): Id<Kind> =>
  `00000000-0000-7000-8000-${String(n).padStart(12, "0")}` as Id<Kind>;

/** Mints ids from 900,001 on. */
export const mintFrom = (start = 900_000): MintId => {
  let last = start;
  return <Kind extends string>() => {
    last += 1;
    return idOf<Kind>(last);
  };
};

export const alice: UserId = idOf(1);
export const bob: UserId = idOf(2);
export const concert: ConcertId = idOf(101);
export const otherConcert: ConcertId = idOf(102);
export const date = "2026-12-24";
export const otherDate = "2026-12-25";
export const nowMs = 1_800_000_000_000;
export const price = 1000;
export const placeOf = (seq: number, epoch = 1): PlaceMark => ({ epoch, seq });

/** The plan of the 50 seats. */
export const hall = hallPlan([{ name: "R", price, seats: [1, 50] }]);

/** The concert on sale, with these prices. */
export const concertWith = (prices: Readonly<Record<string, number>>): ConcertOnSale => ({
  concertId: concert,
  timeZone: "Asia/Seoul",
  currency: "KRW",
  dates: [{ date, startsAtMs: nowMs + 1 }],
  grades: Object.entries(prices).map(([name, of]) => ({ name, price: of })),
  policy: {
    holdSeconds: 300,
    maxSeatsPerUser: 4,
    maxSeatsPerReservation: 3,
    holdsPerUser: 0,
    holdCooldownSeconds: 0,
    singleSeats: "allowed",
    refunds: null,
  },
  cancelledAtMs: null,
});

const letterOf = { AVAILABLE: "A", HELD: "H", SOLD: "S", BLOCKED: "B" } as const;

/** The seat map of a show with these statuses, from seat 1 on, and the ends of those that are HELD. */
export const showWith = (
  statuses: readonly (readonly [SeatStatus, number?])[],
  startsAtMs = nowMs + 1,
  of = date,
): SeatMap =>
  wholeMap({
    date: of,
    startsAtMs,
    statuses: statuses.map(([status]) => letterOf[status]).join(""),
    ends: new Map(
      statuses.flatMap(([, endsAtMs], index) =>
        endsAtMs === undefined ? [] : [[index + 1, endsAtMs] as const],
      ),
    ),
    version: 0,
  });

/** The rows before a command, in short form. */
export interface Given {
  readonly buyers?: readonly {
    readonly userId: UserId;
    readonly ended?: PlaceMark;
    readonly unpaidHolds?: readonly UnpaidHold[];
  }[];
  /** Seat numbers of `date` that exist; those of a reservation exist by themselves. */
  readonly seats?: readonly number[];
  readonly sold?: readonly number[];
  readonly reservations?: readonly Partial<Reservation>[];
  readonly wallets?: Readonly<Record<UserId, number>>;
  readonly isCancelled?: boolean;
}

export const reservationWith = (part: Partial<Reservation>): Reservation => ({
  reservationId: idOf(501),
  userId: alice,
  concertId: concert,
  date,
  seatNumbers: [1],
  prices: (part.seatNumbers ?? [1]).map(() => price),
  amount: price * (part.seatNumbers?.length ?? 1),
  currency: "KRW",
  status: "HELD",
  refundedSeats: 0,
  heldAtMs: nowMs - 1000,
  expiresAtMs: nowMs + 1000,
  place: placeOf(7),
  ...part,
});

export const seatWith = (part: Partial<Seat>): Seat => ({
  concertId: concert,
  date,
  seatNumber: 1,
  grade: "R",
  status: "AVAILABLE",
  reservationId: null,
  expiresAtMs: null,
  fence: 0,
  ...part,
});

/** A ticket of Alice's reservation 501, which payment 700 has paid. */
export const soldTicket = (part: Partial<SoldTicket> = {}): SoldTicket => ({
  ticketId: idOf(300 + (part.seatNumber ?? 1)),
  paymentId: idOf(700),
  reservationId: idOf(501),
  concertId: concert,
  date,
  seatNumber: 1,
  price,
  currency: "KRW",
  payerId: alice,
  holderId: alice,
  status: "VALID",
  ...part,
});

const put = (state: BatchState, seat: Seat): void => {
  state.seats.set(seatKey(seat.concertId, seat.date, seat.seatNumber), seat);
};

const putReservationWith = (state: BatchState, part: Partial<Reservation>): void => {
  const reservation = reservationWith(part);
  const { reservationId, concertId, date: of, expiresAtMs, status } = reservation;
  putReservation(state, reservation);
  if (status !== "HELD" && status !== "CONFIRMED") return;
  for (const seatNumber of reservation.seatNumbers) {
    const seat = { concertId, date: of, seatNumber, reservationId, fence: 1 };
    const held = { status: "HELD", expiresAtMs } as const;
    put(state, seatWith({ ...seat, ...(status === "HELD" ? held : { status: "SOLD" }) }));
  }
};

/** A state as `loadBatch` returns it. Alice and Bob have buyer rows in `concert` unless others are given. */
export const stateWith = (given: Given = {}): BatchState => {
  const state = emptyState(mintFrom());
  state.prices.set(gradeKey(concert, "R"), price);
  if (given.isCancelled === true) state.cancelledConcerts.add(concert);
  for (const buyer of given.buyers ?? [{ userId: alice }, { userId: bob }]) {
    state.buyers.set(buyerKey(buyer.userId, concert), {
      userId: buyer.userId,
      concertId: concert,
      ended: buyer.ended ?? { epoch: 0, seq: 0 },
      raisedBy: null,
      unpaidHolds: buyer.unpaidHolds ?? [],
    });
  }
  for (const seatNumber of given.seats ?? []) put(state, seatWith({ seatNumber }));
  for (const seatNumber of given.sold ?? []) {
    put(state, seatWith({ seatNumber, status: "SOLD", reservationId: idOf(999) }));
  }
  for (const part of given.reservations ?? []) putReservationWith(state, part);
  for (const [userId, balance] of Object.entries(given.wallets ?? {})) {
    state.wallets.set(userId as UserId, balance);
  }
  return state;
};

let reservationNo = 600;

export const reserveWith = (part: Partial<Reserve> = {}): Reserve => ({
  kind: "reserve",
  reservationId: idOf<"reservation">((reservationNo += 1)) as ReservationId,
  userId: alice,
  concertId: concert,
  place: placeOf(8),
  date,
  seatNumbers: [1],
  rows: [],
  holdSeconds: 300,
  maxSeatsPerUser: 4,
  maxSeatsPerReservation: 4,
  holdPolicy: { holdsPerUser: 0, holdCooldownSeconds: 0 },
  currency: "KRW",
  intent: null,
  ...part,
});

export const payWith = (part: Partial<Pay> = {}): Pay => ({
  kind: "pay",
  paymentId: idOf(700),
  userId: alice,
  concertId: concert,
  place: placeOf(7),
  reservationId: idOf(501),
  intent: null,
  ...part,
});

export const chargeWith = (part: Partial<Charge> = {}): Charge => ({
  kind: "charge",
  chargeId: idOf(800),
  userId: alice,
  amount: 500,
  currency: "KRW",
  intent: { key: "charge", fingerprint: "a" },
  ...part,
});

/** The seat of `date` as the state has it. */
export const seatIn = (state: BatchState, seatNumber: number, of = date): Seat => {
  const seat = state.seats.get(seatKey(concert, of, seatNumber));
  if (!seat) throw new Error(`no seat ${seatNumber}`);
  return seat;
};
