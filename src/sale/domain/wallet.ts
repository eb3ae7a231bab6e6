import type { ConcertId, EntryId, Id, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { balanceMax, type Money } from "#kernel/money.ts";

/** The balance after a charge, or null when it would grow past what a wallet may hold. */
export const credit = (balance: Money, amount: Money): Money | null =>
  amount > balanceMax - balance ? null : balance + amount;

/** The balance after a payment, or null when it does not cover the amount. */
export const debit = (balance: Money, amount: Money): Money | null =>
  amount > balance ? null : balance - amount;

/** A movement of money: a charge from cash to the wallet, or a payment from the wallet to revenue. */
export interface Transfer {
  readonly type: "CHARGE" | "PAYMENT";
  /** The charge's or payment's id: what a ledger entry refers to. */
  readonly transferId: Id<"charge"> | Id<"payment">;
  readonly userId: UserId;
  readonly concertId: ConcertId | null;
  /** Positive. */
  readonly amount: Money;
  /** The wallet's balance after it. */
  readonly balance: Money;
  readonly atMs: InstantMs;
  /** Of the wallet's side and of the other side. */
  readonly entryIds: readonly [EntryId, EntryId];
}

export interface LedgerEntry {
  readonly entryId: EntryId;
  readonly transfer: Transfer;
  readonly account: "WALLET" | "CASH" | "REVENUE";
  /** Signed: what the account gains. */
  readonly amount: Money;
  /** The wallet's balance after the entry; null for the other side, whose sum nobody keeps. */
  readonly balance: Money | null;
}

/** The two sides of a transfer; their amounts sum to zero. */
export const entriesOf = (transfer: Transfer): readonly [LedgerEntry, LedgerEntry] => {
  const walletGain = transfer.type === "CHARGE" ? transfer.amount : -transfer.amount;
  return [
    {
      entryId: transfer.entryIds[0],
      transfer,
      account: "WALLET",
      amount: walletGain,
      balance: transfer.balance,
    },
    {
      entryId: transfer.entryIds[1],
      transfer,
      account: transfer.type === "CHARGE" ? "CASH" : "REVENUE",
      amount: -walletGain,
      balance: null,
    },
  ];
};
