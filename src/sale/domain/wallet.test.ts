import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { alice, concert, idOf, nowMs } from "#test/support/batch.ts";
import { entriesOf, type Transfer } from "./wallet.ts";

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

describe("a transfer", () => {
  it("a charge moves cash to the wallet, payments and fees move the wallet to revenue, a refund moves it back", () => {
    const table = [
      // type, wallet gains, other account, it gains
      ["CHARGE", 700, "CASH", -700],
      ["PAYMENT", -700, "REVENUE", 700],
      ["REFUND", 700, "REVENUE", -700],
      ["FEE", -700, "REVENUE", 700],
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

  it("a refund that the wallet has no room for goes to PAYABLE, which has no balance", () => {
    const [entry] = entriesOf({ ...transfer, type: "REFUND", balance: null });
    assert.deepEqual([entry.account, entry.amount, entry.balance], ["PAYABLE", 700, null]);
  });
});
