import type { ConcertId, EntryId, Id, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { balanceMax, type Money } from "#kernel/money.ts";

/** The balance after a credit, or null when it would exceed `balanceMax`. */
export const credit = (balance: Money, amount: Money): Money | null =>
  amount > balanceMax - balance ? null : balance + amount;

/** The balance after a debit, or null when the balance is less than the amount. */
export const debit = (balance: Money, amount: Money): Money | null =>
  amount > balance ? null : balance - amount;

/** A charge moves money from cash to the wallet; a payment moves it from the wallet to revenue. */
export type TransferType = "CHARGE" | "PAYMENT";

type Account = "WALLET" | "CASH" | "REVENUE";

/** A movement of money between a wallet and another account. */
export interface Transfer {
  readonly type: TransferType;
  /** The id of the charge or payment; ledger entries refer to it. */
  readonly transferId: Id<"charge"> | Id<"payment">;
  readonly userId: UserId;
  readonly concertId: ConcertId | null;
  /** Positive. */
  readonly amount: Money;
  /** The wallet's balance after the transfer. */
  readonly balance: Money;
  readonly atMs: InstantMs;
  /** The ids of the wallet's entry and of the other account's entry. */
  readonly entryIds: readonly [EntryId, EntryId];
}

/** One side of a transfer. */
export interface LedgerEntry extends Pick<
  Transfer,
  "transferId" | "type" | "userId" | "concertId"
> {
  readonly entryId: EntryId;
  readonly account: Account;
  /** The gain of the account; negative for a debit. */
  readonly amount: Money;
  /** The wallet's balance after the entry; null for CASH and REVENUE, which have no balance row. */
  readonly balance: Money | null;
  readonly createdAtMs: InstantMs;
}

interface Posting {
  /** 1: the wallet gains the amount; -1: it loses the amount. */
  readonly walletSign: 1 | -1;
  /** The account on the other side. */
  readonly otherAccount: Exclude<Account, "WALLET">;
}

/** How each type of transfer is posted. A new type does not compile until it has a row here. */
const postings: Readonly<Record<TransferType, Posting>> = {
  CHARGE: { walletSign: 1, otherAccount: "CASH" },
  PAYMENT: { walletSign: -1, otherAccount: "REVENUE" },
};

/** The two ledger entries of a transfer; their amounts sum to zero. */
export const entriesOf = (transfer: Transfer): readonly [LedgerEntry, LedgerEntry] => {
  const { transferId, type, userId, concertId, amount, balance, atMs, entryIds } = transfer;
  const { walletSign, otherAccount } = postings[type];
  const walletGain = walletSign * amount;
  const shared = { transferId, type, userId, concertId, createdAtMs: atMs };
  return [
    { ...shared, entryId: entryIds[0], account: "WALLET", amount: walletGain, balance },
    { ...shared, entryId: entryIds[1], account: otherAccount, amount: -walletGain, balance: null },
  ];
};
