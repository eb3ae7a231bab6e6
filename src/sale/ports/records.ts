import type { EntryId, PaymentId, ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { Payment } from "../domain/payment.ts";
import type { Reservation } from "../domain/reservation.ts";

/** One movement of a wallet. */
export interface WalletEntry {
  /** Rises with each entry; where a page of them ends. */
  readonly entryNo: number;
  readonly entryId: EntryId;
  readonly type: "CHARGE" | "PAYMENT";
  /** Signed: what the wallet gained. */
  readonly amount: Money;
  /** After it. */
  readonly balance: Money;
  /** The charge or payment. */
  readonly referenceId: string;
  readonly createdAtMs: InstantMs;
}

/** A part of a list, newest first: at most `limit` items that come after the position, if one is given. */
export interface Slice<Position> {
  readonly limit: number;
  readonly after: Position | null;
}

/** Something as the database has it, with the database's clock at that moment. */
export interface Stamped<T> {
  readonly found: T;
  readonly nowMs: InstantMs;
}

/** What is written down, read as it stands. Every method throws Unavailable. */
export interface Records {
  /** 0 for a user without a wallet. */
  balance(userId: UserId): Promise<Money>;
  entries(userId: UserId, slice: Slice<number>): Promise<readonly WalletEntry[]>;
  reservation(reservationId: ReservationId): Promise<Stamped<Reservation> | null>;
  reservations(
    userId: UserId,
    slice: Slice<ReservationId>,
  ): Promise<Stamped<readonly Reservation[]>>;
  payment(paymentId: PaymentId): Promise<Payment | null>;
  payments(userId: UserId, slice: Slice<PaymentId>): Promise<readonly Payment[]>;
}
