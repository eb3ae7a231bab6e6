import type { ConcertId, EntryId, Id, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { Money } from "#kernel/money.ts";

/**
 * A charge moves money from cash to the wallet; a payment moves it from the wallet to revenue. A refund moves it back,
 * and the fee of a refund moves a part of that to revenue again.
 */
export type TransferType = "CHARGE" | "PAYMENT" | "REFUND" | "FEE";

/**
 * PAYABLE: money of users that no wallet has room for; the operator pays it out. GOODS is the revenue of products,
 * REVENUE that of seats.
 */
type Account = "WALLET" | "PAYABLE" | "CASH" | "REVENUE" | "GOODS";

/** A movement of money between a user's wallet and another account. */
export interface Transfer {
  readonly type: TransferType;
  /** The id of the charge, payment or refund; ledger entries refer to it. A fee has the id of its refund. */
  readonly transferId: Id<"charge"> | Id<"payment"> | Id<"refund">;
  readonly userId: UserId;
  readonly concertId: ConcertId | null;
  /** Positive. */
  readonly amount: Money;
  /** The wallet's balance after the transfer; null: the user's side is PAYABLE. */
  readonly balance: Money | null;
  readonly atMs: InstantMs;
  /** The account on the other side, where it is not the usual one of the type. */
  readonly otherAccount?: "GOODS";
  /** The ids of the user's entry and of the other account's entry. */
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
  /** The wallet's balance after the entry; null for the other accounts, which have no balance row. */
  readonly balance: Money | null;
  readonly createdAtMs: InstantMs;
}

interface Posting {
  /** 1: the wallet gains the amount; -1: it loses the amount. */
  readonly walletSign: 1 | -1;
  /** The account on the other side. */
  readonly otherAccount: Exclude<Account, "WALLET" | "PAYABLE">;
}

/** How each type of transfer is posted. A new type does not compile until it has a row here. */
const postings: Readonly<Record<TransferType, Posting>> = {
  CHARGE: { walletSign: 1, otherAccount: "CASH" },
  PAYMENT: { walletSign: -1, otherAccount: "REVENUE" },
  REFUND: { walletSign: 1, otherAccount: "REVENUE" },
  FEE: { walletSign: -1, otherAccount: "REVENUE" },
};

/** The two ledger entries of a transfer; their amounts sum to zero. */
export const entriesOf = (transfer: Transfer): readonly [LedgerEntry, LedgerEntry] => {
  const { transferId, type, userId, concertId, amount, balance, atMs, entryIds } = transfer;
  const { walletSign, otherAccount } = postings[type];
  const walletGain = walletSign * amount;
  const account = balance === null ? "PAYABLE" : "WALLET";
  const shared = { transferId, type, userId, concertId, createdAtMs: atMs };
  return [
    { ...shared, entryId: entryIds[0], account, amount: walletGain, balance },
    {
      ...shared,
      entryId: entryIds[1],
      account: transfer.otherAccount ?? otherAccount,
      amount: -walletGain,
      balance: null,
    },
  ];
};
