import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  alice,
  bob,
  concert,
  idOf,
  nowMs,
  otherConcert,
  reservationWith,
} from "#test/support/batch.ts";
import type { Payment } from "../domain/payment.ts";
import type { PageQuery } from "#kernel/page.ts";
import type { Records, WalletEntry } from "../ports/records.ts";
import {
  listEntries,
  listPayments,
  listReservations,
  readBalance,
  readPayment,
  readReservation,
} from "./read-records.ts";

const entry = (entryNo: number): WalletEntry => ({
  entryNo,
  entryId: idOf(entryNo),
  type: "CHARGE",
  amount: 1,
  balance: entryNo,
  transferId: idOf(1),
  createdAtMs: nowMs,
});

const payment = (n: number): Payment => ({
  paymentId: idOf(n),
  reservationId: idOf(501),
  userId: alice,
  concertId: concert,
  amount: 1,
  currency: "KRW",
  balance: 0,
  paidAtMs: nowMs,
  tickets: [],
});

const live = reservationWith({ expiresAtMs: nowMs + 1 });
const lapsed = reservationWith({ reservationId: idOf(502), expiresAtMs: nowMs });

/** Records of Alice's; `asked` says which slices were wanted. */
const recordsWith = (part: Partial<Records> = {}) => {
  const asked: PageQuery<unknown>[] = [];
  const take = <T>(all: readonly T[], query: PageQuery<unknown>): readonly T[] => {
    asked.push(query);
    return all.slice(0, query.limit);
  };
  const records: Records = {
    balance: async () => 70,
    entries: async (_, query) => take([entry(3), entry(2), entry(1)], query),
    reservation: async () => ({ found: live, nowMs }),
    reservations: async (_, query) => ({ found: take([lapsed, live], query), nowMs }),
    payment: async () => payment(700),
    payments: async (_, query) => take([payment(2), payment(1)], query),
    paymentsWithRefunds: async () => assert.fail("no test reads refunds"),
    ...part,
  };
  return { asked, deps: { records } };
};

describe("records of a user", () => {
  it("the balance is read", async () => {
    assert.equal(await readBalance(recordsWith().deps)(alice), 70);
  });

  it("a page has at most the limit's items, and the next cursor only when more items exist", async () => {
    const table: [limit: number, items: number, next: number | null][] = [
      [1, 1, 3],
      [2, 2, 2],
      [3, 3, null],
      [4, 3, null],
    ];
    for (const [limit, items, next] of table) {
      const { deps, asked } = recordsWith();
      const page = await listEntries(deps)(alice, { limit, after: 9 });
      assert.deepEqual([page.items.length, page.next], [items, next]);
      assert.deepEqual(asked, [{ limit: limit + 1, after: 9 }]);
    }
    const empty = recordsWith({ payments: async () => [] });
    const page = await listPayments(empty.deps)(alice, { limit: 1, after: null });
    assert.deepEqual(page, { items: [], next: null });
  });

  it("payments and reservations are listed by id", async () => {
    const { deps } = recordsWith();
    const query = { limit: 1, after: null };
    assert.deepEqual(await listPayments(deps)(alice, query), {
      items: [payment(2)],
      next: idOf(2),
    });
    const page = await listReservations(deps)(alice, query);
    assert.equal(page.next, idOf(502));
  });

  it("a reservation past its end reads EXPIRED at once, also in lists", async () => {
    const { deps } = recordsWith();
    const { items } = await listReservations(deps)(alice, { limit: 2, after: null });
    assert.deepEqual(
      items.map((one) => one.reservation.status),
      ["EXPIRED", "HELD"],
    );
    const late = recordsWith({ reservation: async () => ({ found: lapsed, nowMs }) });
    const query = { userId: alice, reservationId: lapsed.reservationId, tokenConcertId: null };
    const outcome = await readReservation(late.deps)(query);
    assert.equal(outcome.kind === "found" && outcome.reservation.status, "EXPIRED");
  });

  it("another user's reservation is not found, whatever concert the token has", async () => {
    const table = [
      // user, the token's concert, outcome
      [alice, null, "found"],
      [alice, concert, "found"],
      [alice, otherConcert, "token-mismatch"],
      [bob, null, "not-found"],
      [bob, otherConcert, "not-found"],
    ] as const;
    for (const [userId, tokenConcertId, kind] of table) {
      const query = { userId, reservationId: live.reservationId, tokenConcertId };
      assert.equal((await readReservation(recordsWith().deps)(query)).kind, kind);
    }
    const none = recordsWith({ reservation: async () => null });
    const query = { userId: alice, reservationId: idOf<"reservation">(1), tokenConcertId: null };
    assert.equal((await readReservation(none.deps)(query)).kind, "not-found");
  });

  it("another user's payment is not found", async () => {
    assert.deepEqual(await readPayment(recordsWith().deps)(alice, idOf(700)), payment(700));
    assert.equal(await readPayment(recordsWith().deps)(bob, idOf(700)), null);
    const none = recordsWith({ payment: async () => null });
    assert.equal(await readPayment(none.deps)(alice, idOf(700)), null);
  });
});
