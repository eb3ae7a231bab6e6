import type { ConcertId, PaymentId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { Payment } from "../domain/payment.ts";
import { reservationStatusAt, type Reservation } from "../domain/reservation.ts";
import type { Records, Slice, WalletEntry } from "../ports/records.ts";

export interface ReadRecordsDeps {
  readonly records: Records;
}

/** A part of a list and where the next one begins; null at the end. */
export interface Part<Item, Position> {
  readonly items: readonly Item[];
  readonly next: Position | null;
}

/** Asks for one item more than wanted, and so knows whether there are more. */
const cut = <Item, Position>(
  found: readonly Item[],
  limit: number,
  positionOf: (item: Item) => Position,
): Part<Item, Position> => {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? positionOf(last) : null };
};

const oneMore = <Position>(slice: Slice<Position>): Slice<Position> => ({
  ...slice,
  limit: slice.limit + 1,
});

/** A reservation as it counts at the moment of reading: one past its end reads EXPIRED at once. */
export interface CurrentReservation {
  readonly reservation: Reservation;
  readonly nowMs: InstantMs;
}

const current = (reservation: Reservation, nowMs: InstantMs): Reservation => ({
  ...reservation,
  status: reservationStatusAt(reservation, nowMs),
});

/** The balance of a user; 0 before the first charge. */
export const readBalance =
  ({ records }: ReadRecordsDeps) =>
  (userId: UserId): Promise<Money> =>
    records.balance(userId);

/** The movements of a user's balance, newest first. */
export const listEntries =
  ({ records }: ReadRecordsDeps) =>
  async (userId: UserId, slice: Slice<number>): Promise<Part<WalletEntry, number>> =>
    cut(await records.entries(userId, oneMore(slice)), slice.limit, (entry) => entry.entryNo);

export interface ReadReservation {
  readonly userId: UserId;
  readonly reservationId: ReservationId;
  /** The concert of the queue token; null when the request came with an access token. */
  readonly tokenConcertId: ConcertId | null;
}

export type ReadReservationOutcome =
  | { readonly kind: "not-found" }
  | { readonly kind: "token-mismatch" }
  | ({ readonly kind: "found" } & CurrentReservation);

/**
 * One reservation, current. Outcomes, first that applies: `not-found` (none, or somebody else's),
 * `token-mismatch` (his own, of another concert than the queue token's), `found`.
 */
export const readReservation =
  ({ records }: ReadRecordsDeps) =>
  async (query: ReadReservation): Promise<ReadReservationOutcome> => {
    const stamped = await records.reservation(query.reservationId);
    if (stamped?.found.userId !== query.userId) return { kind: "not-found" };
    const { found, nowMs } = stamped;
    if (query.tokenConcertId !== null && query.tokenConcertId !== found.concertId) {
      return { kind: "token-mismatch" };
    }
    return { kind: "found", reservation: current(found, nowMs), nowMs };
  };

/** A user's reservations of all concerts, newest first. */
export const listReservations =
  ({ records }: ReadRecordsDeps) =>
  async (
    userId: UserId,
    slice: Slice<ReservationId>,
  ): Promise<Part<CurrentReservation, ReservationId>> => {
    const { found, nowMs } = await records.reservations(userId, oneMore(slice));
    const all = found.map((one) => ({ reservation: current(one, nowMs), nowMs }));
    return cut(all, slice.limit, (one) => one.reservation.reservationId);
  };

/** One payment of the user's; null when there is none, or it is somebody else's. */
export const readPayment =
  ({ records }: ReadRecordsDeps) =>
  async (userId: UserId, paymentId: PaymentId): Promise<Payment | null> => {
    const payment = await records.payment(paymentId);
    return payment?.userId === userId ? payment : null;
  };

/** A user's payments, newest first. */
export const listPayments =
  ({ records }: ReadRecordsDeps) =>
  async (userId: UserId, slice: Slice<PaymentId>): Promise<Part<Payment, PaymentId>> =>
    cut(
      await records.payments(userId, oneMore(slice)),
      slice.limit,
      (payment) => payment.paymentId,
    );
