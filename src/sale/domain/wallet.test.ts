import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { balanceMax } from "#kernel/money.ts";
import { alice, concert, idOf, nowMs } from "#test/support/batch.ts";
import { credit, debit, entriesOf, type Transfer } from "./wallet.ts";

const transfer: Transfer = {
  type: "CHARGE",
  transferId: idOf<"charge">(1),
  userId: alice,
  concertId: null,
  amount: 700,
  balance: 900,
  atMs: nowMs,
  entryIds: [idOf(11), idOf(12)],
};

describe("a wallet", () => {
  it("a credit is refused beyond the largest balance", () => {
    const table: [balance: number, amount: number, then: number | null][] = [
      [0, 1, 1],
      [balanceMax - 5, 5, balanceMax],
      [balanceMax - 5, 6, null],
      [balanceMax, 1, null],
    ];
    for (const [balance, amount, then] of table) assert.equal(credit(balance, amount), then);
  });

  it("a debit is refused beyond the balance", () => {
    const table: [balance: number, amount: number, then: number | null][] = [
      [5, 4, 1],
      [5, 5, 0],
      [5, 6, null],
      [0, 1, null],
    ];
    for (const [balance, amount, then] of table) assert.equal(debit(balance, amount), then);
  });
});

describe("a transfer", () => {
  it("a charge moves cash to the wallet, a payment moves the wallet to revenue, and both sum to zero", () => {
    const table = [
      // type, wallet gains, other account, it gains
      ["CHARGE", 700, "CASH", -700],
      ["PAYMENT", -700, "REVENUE", 700],
    ] as const;
    for (const [type, walletGain, account, gain] of table) {
      const moved = { ...transfer, type, concertId: concert };
      const { transferId, userId } = transfer;
      const shared = { transferId, type, userId, concertId: concert, createdAtMs: nowMs };
      assert.deepEqual(entriesOf(moved), [
        { ...shared, entryId: idOf(11), account: "WALLET", amount: walletGain, balance: 900 },
        { ...shared, entryId: idOf(12), account, amount: gain, balance: null },
      ]);
    }
  });
});
