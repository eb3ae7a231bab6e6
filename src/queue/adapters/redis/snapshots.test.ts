import assert from "node:assert/strict";
import { test } from "node:test";
import { scoreOf } from "../../admission/domain/place.ts";
import { numberAt, textAt } from "./call-queue.ts";
import { readPage } from "./journal-page.ts";
import { statusAt } from "./snapshots.ts";

const place = { epoch: 3, seq: 9 };

test("a reply that no script gives throws", () => {
  assert.throws(() => statusAt(["looked", "elsewhere", 1, 1], 1), /unknown place status/);
  assert.throws(() => textAt(["looked", 5], 1), TypeError);
  assert.throws(() => numberAt(["looked", "5"], 1), TypeError);
});

test("an end without a reason that the queue knows reads as superseded", () => {
  for (const reason of ["", "WHIM"]) {
    const status = statusAt(["looked", "ended", scoreOf(place), reason], 1);
    assert.deepEqual(status, { kind: "superseded" });
  }
});

test("journal entries are read by the epoch in which they were noted", () => {
  const userId = "0190a1b2-0000-7000-8000-000000000001";
  const text = (n: number, epoch: number, kind: string, untilMs: number) =>
    `${n} ${epoch} ${kind} ${userId} ${scoreOf(place)} 1000 ${untilMs}`;
  const reply = ["read", text(4, 1, "ADMITTED", 2_000), text(5, 2, "PAID", 0)] as const;
  const entry = { ...place, userId, atMs: 1_000 };
  assert.deepEqual(readPage({ epoch: 2, reply }), {
    epoch: 2,
    throughN: 5,
    batches: [
      { queueEpoch: 1, entries: [{ ...entry, n: 4, kind: "ADMITTED", activeUntilMs: 2_000 }] },
      { queueEpoch: 2, entries: [{ ...entry, n: 5, kind: "PAID", activeUntilMs: null }] },
    ],
  });
  assert.equal(readPage({ epoch: 2, reply: ["read"] }), null);
  assert.throws(() => readPage({ epoch: 2, reply: ["read", "nonsense"] }), /malformed/);
  assert.throws(() => readPage({ epoch: 2, reply: ["read", text(1, 1, "WHIM", 0)] }), /unknown/);
});
