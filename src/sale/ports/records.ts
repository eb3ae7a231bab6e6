import type { PaymentId, ReservationId, TicketId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";
import type { PageQuery } from "#kernel/page.ts";
import type { Payment } from "../domain/payment.ts";
import type { Reservation } from "../domain/reservation.ts";
import type { LedgerEntry } from "../domain/wallet.ts";

/** One ledger entry of a wallet. */
export interface WalletEntry extends Pick<
  LedgerEntry,
  "entryId" | "type" | "amount" | "transferId" | "createdAtMs"
> {
  /** Rises with each entry; the cursor of a page. */
  readonly entryNo: number;
  /** The wallet's balance after the entry. */
  readonly balance: Money;
}

/** A payment with what was refunded of it, as of one moment. */
export interface PaymentWithRefunds extends Payment {
  /** The prices of its refunded tickets. */
  readonly refunded: Money;
  /** The part of `refunded` that the operator has kept. */
  readonly fees: Money;
  /** Its tickets that are not VOID, by seat number. */
  readonly refundableTicketIds: readonly TicketId[];
}

/** A value read from the database, and the database's clock at that moment. */
export interface Timestamped<T> {
  readonly found: T;
  readonly nowMs: InstantMs;
}

/** The committed records of users. Takes no lock. Every method throws Unavailable. */
export interface Records {
  /** 0 for a user without a wallet. */
  balance(userId: UserId): Promise<Money>;
  entries(userId: UserId, query: PageQuery<number>): Promise<readonly WalletEntry[]>;
  reservation(reservationId: ReservationId): Promise<Timestamped<Reservation> | null>;
  reservations(
    userId: UserId,
    query: PageQuery<ReservationId>,
  ): Promise<Timestamped<readonly Reservation[]>>;
  payment(paymentId: PaymentId): Promise<Payment | null>;
  payments(userId: UserId, query: PageQuery<PaymentId>): Promise<readonly Payment[]>;
  paymentsWithRefunds(
    userId: UserId,
    query: PageQuery<PaymentId>,
  ): Promise<readonly PaymentWithRefunds[]>;
}
