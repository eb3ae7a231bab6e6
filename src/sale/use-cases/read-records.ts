import type { ConcertId, PaymentId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import { toPage, withOneMore, type Page, type PageQuery } from "#kernel/page.ts";
import type { Payment } from "../domain/payment.ts";
import { reservationStatusAt, type Reservation } from "../domain/reservation.ts";
import type { PaymentWithRefunds, Records, WalletEntry } from "../ports/records.ts";

export interface ReadRecordsDeps {
  readonly records: Records;
}

/** A reservation with its status at `nowMs`: EXPIRED as soon as the hold has lapsed. */
export interface CurrentReservation {
  readonly reservation: Reservation;
  readonly nowMs: InstantMs;
}

const current = (reservation: Reservation, nowMs: InstantMs): Reservation => ({
  ...reservation,
  status: reservationStatusAt(reservation, nowMs),
});

/** Reads the balance of a user; 0 before the first charge. */
export const readBalance =
  ({ records }: ReadRecordsDeps) =>
  (userId: UserId): Promise<Money> =>
    records.balance(userId);

/** Lists the ledger entries of a user's balance, newest first. */
export const listEntries =
  ({ records }: ReadRecordsDeps) =>
  async (userId: UserId, query: PageQuery<number>): Promise<Page<WalletEntry, number>> =>
    toPage(
      await records.entries(userId, withOneMore(query)),
      query.limit,
      (entry) => entry.entryNo,
    );

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
 * Reads one reservation, never older than the call.
 *
 * Outcomes, first that applies:
 * - `not-found`       no such reservation, or another user's
 * - `token-mismatch`  the user's own reservation, but of another concert than the queue token's
 * - `found`
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

/** Lists the reservations of a user in all concerts, newest first. */
export const listReservations =
  ({ records }: ReadRecordsDeps) =>
  async (
    userId: UserId,
    query: PageQuery<ReservationId>,
  ): Promise<Page<CurrentReservation, ReservationId>> => {
    const { found, nowMs } = await records.reservations(userId, withOneMore(query));
    const all = found.map((one) => ({ reservation: current(one, nowMs), nowMs }));
    return toPage(all, query.limit, (one) => one.reservation.reservationId);
  };

/** Reads one payment; null when there is none, or when it is another user's. */
export const readPayment =
  ({ records }: ReadRecordsDeps) =>
  async (userId: UserId, paymentId: PaymentId): Promise<Payment | null> => {
    const payment = await records.payment(paymentId);
    return payment?.userId === userId ? payment : null;
  };

/** Lists the payments of a user, newest first. */
export const listPayments =
  ({ records }: ReadRecordsDeps) =>
  async (userId: UserId, query: PageQuery<PaymentId>): Promise<Page<Payment, PaymentId>> =>
    toPage(
      await records.payments(userId, withOneMore(query)),
      query.limit,
      (payment) => payment.paymentId,
    );

/** Lists the payments of a user with what was refunded of each, newest first. */
export const listPaymentsWithRefunds =
  ({ records }: ReadRecordsDeps) =>
  async (
    userId: UserId,
    query: PageQuery<PaymentId>,
  ): Promise<Page<PaymentWithRefunds, PaymentId>> =>
    toPage(
      await records.paymentsWithRefunds(userId, withOneMore(query)),
      query.limit,
      (payment) => payment.paymentId,
    );
