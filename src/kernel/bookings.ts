import type { Intent, KeyOutcome } from "./idempotency.ts";
import type { ConcertId, PaymentId, UserId } from "./ids.ts";
import type { InstantMs } from "./instant.ts";
import type { Money } from "./money.ts";

/** The changes of the books in one transaction. */
export interface Booking {
  readonly userId: UserId;
  /** Money of the balance for goods: a payment, or the refund of it in full. */
  readonly transfer: {
    readonly type: "PAYMENT" | "REFUND";
    readonly transferId: PaymentId;
    /** The concert of the goods; null for goods of the house. */
    readonly concertId: ConcertId | null;
    /** Positive. */
    readonly amount: Money;
    /** The balance after it; null: the wallet has no room for a refund, and the money is payable. */
    readonly balance: Money | null;
    readonly atMs: InstantMs;
  } | null;
  /** The answer under the key of the request; null without a key. */
  readonly answer: { readonly intent: Intent; readonly content: object } | null;
}

/**
 * The wallets, the ledger and the stored answers of the sale, for the transaction `Tx` of another feature. The sale
 * alone reads and writes these tables, so a balance and a key have one rule, whatever they are used for.
 *
 * Lock order: the caller locks its own rows first, then a wallet. Every method throws Unavailable.
 */
export interface Bookings<Tx> {
  /** The outcome that the stored answer of the key decides; null without one. Takes no lock. */
  findAnswer(userId: UserId, intent: Intent): Promise<KeyOutcome<unknown> | null>;
  /** Takes the key until the end of the transaction, without waiting for another one; null: it is free. */
  claimKey(tx: Tx, userId: UserId, intent: Intent): Promise<KeyOutcome<unknown> | null>;
  /** Locks the wallet until the end of the transaction and returns its balance; 0 without a wallet. */
  lockBalance(tx: Tx, userId: UserId): Promise<Money>;
  /** Writes the balance, which is locked, both entries of the ledger, and the stored answer. */
  book(tx: Tx, booking: Booking): Promise<void>;
}
