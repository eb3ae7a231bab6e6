import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TicketId } from "#kernel/ids.ts";
import { concert, hall, idOf } from "#test/support/batch.ts";
import type { OperatorRefunded } from "../domain/decide-refund.ts";
import type { RefundKeyUse, Refunds } from "../ports/refunds.ts";
import { refundForOperator, refundSome, type RefundForOperator } from "./refund-for-operator.ts";

const intent = { key: "k", fingerprint: "f" };
const note = { concertId: concert, actor: "kim", reason: "rain" };
const all: RefundForOperator = { ...note, named: "all", intent };

/** Refunds of a concert with so many tickets of 10 each. `slowMs`: the time of each transaction. */
const fixture = ({ tickets = 0, slowMs = 0, stolen = false }) => {
  const open = Array.from({ length: tickets }, (_, n) => idOf<"ticket">(n + 1));
  const stored = new Map<string, OperatorRefunded>();
  const calls: (readonly [readonly TicketId[], boolean])[] = [];
  let nowMs = 0;
  const refunds: Refunds = {
    forBuyer: () => assert.fail(),
    tickets: () => assert.fail(),
    list: () => assert.fail(),
    findKeyUse: async (_, { key }): Promise<RefundKeyUse | null> => {
      const answer = stored.get(key);
      return answer === undefined ? null : { kind: "replayed", answer };
    },
    storeAnswer: async (_, { key }, __, answer) => {
      stored.set(key, answer);
      return answer;
    },
    open: async (_, limit) => open.slice(0, limit),
    byOperator: async ({ named }, keyed) => {
      assert.ok("ticketIds" in named);
      nowMs += slowMs;
      calls.push([named.ticketIds, keyed !== null]);
      open.splice(0, named.ticketIds.length);
      if (stolen) return { kind: "not-refundable", reason: "void", ticketIds: named.ticketIds };
      const count = named.ticketIds.length;
      return { kind: "refunded-in-full", refunds: [], tickets: count, amount: 10 * count };
    },
  };
  const deps = {
    refunds,
    plans: { find: async (id: string) => (id === concert ? hall : null) },
    monotonicMs: () => nowMs,
  };
  return { deps, run: refundForOperator(deps), calls, stored };
};

describe("a refund of all tickets of a concert", () => {
  it("is done in steps of at most 100 tickets, and its key keeps the sum", async () => {
    const { run, calls, stored } = fixture({ tickets: 250 });
    const total = { refunds: [], tickets: 250, amount: 2500 };
    assert.deepEqual(await run(all), { kind: "refunded-in-full", ...total });
    assert.deepEqual(
      calls.map(([ticketIds, hasKey]) => [ticketIds.length, hasKey]),
      [
        [100, false],
        [100, false],
        [50, false],
      ],
    );
    assert.deepEqual(await run(all), { kind: "replayed", answer: stored.get("k") });
    assert.equal(calls.length, 3);
  });

  it("stops when time is up, without its key; the same request goes on", async () => {
    const { run, stored } = fixture({ tickets: 450, slowMs: 5000 });
    const part = { refunds: [], tickets: 300, amount: 3000 };
    assert.deepEqual(await run(all), { kind: "refunded-in-part", ...part });
    assert.equal(stored.size, 0);
    const rest = { refunds: [], tickets: 150, amount: 1500 };
    assert.deepEqual(await run(all), { kind: "refunded-in-full", ...rest });
    assert.equal(stored.size, 1);
  });

  it("goes on when another request has refunded the tickets of a step", async () => {
    const { run } = fixture({ tickets: 150, stolen: true });
    const none = { refunds: [], tickets: 0, amount: 0 };
    assert.deepEqual(await run(all), { kind: "refunded-in-full", ...none });
  });

  it("an unknown concert has none", async () => {
    const { run, calls } = fixture({ tickets: 1 });
    const elsewhere = { ...all, concertId: idOf<"concert">(9) };
    assert.deepEqual(await run(elsewhere), { kind: "concert-not-found" });
    assert.equal(calls.length, 0);
  });
});

it("a refund of some tickets takes as many as are asked for, and null says that none is left", async () => {
  const { deps } = fixture({ tickets: 3 });
  const some = refundSome(deps);
  const none = { kind: "refunded-in-full", refunds: [] };
  assert.deepEqual(await some(note, 2), { ...none, tickets: 2, amount: 20 });
  assert.deepEqual(await some(note, 2), { ...none, tickets: 1, amount: 10 });
  assert.equal(await some(note, 2), null);
});

it("tickets by their ids are one transaction with the key", async () => {
  const { run, calls } = fixture({ tickets: 3 });
  const ticketIds = [idOf<"ticket">(1)];
  const outcome = await run({ ...note, named: { ticketIds }, intent });
  assert.equal(outcome.kind, "refunded-in-full");
  assert.deepEqual(calls, [[ticketIds, true]]);
});
