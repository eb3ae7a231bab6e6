import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { type Concert, initialSettings, type SaleSettings } from "../domain/concert.ts";
import { initialPolicy } from "../domain/policy.ts";
import type { QueueControl } from "../domain/queue-control.ts";
import type { AuditNote, ConcertRecords } from "../ports/concert-records.ts";
import { controlQueue } from "./control-queue.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const nowMs = Date.parse("2026-11-22T10:00:00Z");
const now = "2026-11-22T10:00:00.000Z";

const concertOnSale = (changes: Partial<SaleSettings> = {}): Concert => ({
  concertId,
  title: "Winter Night",
  venue: null,
  timeZone: "UTC",
  currency: "KRW",
  dates: [{ date: "2026-12-24", startsAtMs: Date.parse("2026-12-24T19:00:00Z") }],
  priceRange: { min: 1, max: 1 },
  grades: [{ name: "STANDARD", price: 1 }],
  description: null,
  posterUrl: null,
  ageRating: null,
  publishedAtMs: 0,
  isDraft: false,
  ...initialSettings(initialPolicy({}, 0), null),
  ...changes,
});

const fixture = (concert: Concert | null, isStored = true) => {
  const notes: AuditNote[] = [];
  const cached: SaleSettings[] = [];
  const change: ConcertRecords["change"] = async (_, decide) => {
    if (concert === null || !isStored) return null;
    const { outcome, save } = decide(concert, nowMs);
    if (save !== null) notes.push(save.note);
    return { outcome, settings: save?.settings ?? concert };
  };
  const useCase = controlQueue({
    records: { change },
    cache: {
      find: async () => concert,
      putSettings: (_, settings) => void cached.push(settings),
    },
  });
  const run = (control: QueueControl) => useCase({ actor: "operator:1", concertId, control });
  return { run, notes, cached };
};

const none = {
  pausedAt: null,
  resumedAt: null,
  rampSeconds: null,
  closedAt: null,
  cancelledAt: null,
};
const paused = { pausedAtMs: nowMs };

const changes: readonly [string, Partial<SaleSettings>, QueueControl, string, object, object][] = [
  // title, settings before, control, action, audited before, audited after
  ["a pause", {}, { kind: "pause" }, "queue.paused", none, { ...none, pausedAt: now }],
  [
    "a resume",
    paused,
    { kind: "resume", rampSeconds: 30 },
    "queue.resumed",
    { ...none, pausedAt: now },
    { ...none, resumedAt: now, rampSeconds: 30 },
  ],
  ["a close", {}, { kind: "close" }, "queue.closed", none, { ...none, closedAt: now }],
  [
    "a cancelling",
    {},
    { kind: "cancel", reason: "The singer is ill" },
    "concert.cancelled",
    none,
    { ...none, closedAt: now, cancelledAt: now, reason: "The singer is ill" },
  ],
];

for (const [title, given, control, action, before, after] of changes)
  test(`${title} is stored, cached at once, and audited`, async () => {
    const { run, notes, cached } = fixture(concertOnSale(given));
    const outcome = await run(control);
    assert.equal(outcome.kind, "applied");
    assert.deepEqual(notes, [{ actor: "operator:1", action, before, after }]);
    assert.equal(cached.length, 1);
    assert.deepEqual(outcome.kind === "applied" && outcome.concert.policy, concertOnSale().policy);
    assert.equal(
      outcome.kind === "applied" && outcome.concert.pausedAtMs,
      control.kind === "pause" ? nowMs : null,
    );
  });

const repeats: readonly [string, Partial<SaleSettings>, QueueControl][] = [
  ["a second pause", paused, { kind: "pause" }],
  ["a resume without a pause", {}, { kind: "resume", rampSeconds: 9 }],
  ["a second close", { closedAtMs: 5 }, { kind: "close" }],
  ["a second cancelling", { closedAtMs: 5, cancelledAtMs: 5 }, { kind: "cancel", reason: "Rain" }],
];

for (const [title, given, control] of repeats)
  test(`${title} changes nothing and is not audited`, async () => {
    const { run, notes } = fixture(concertOnSale(given));
    assert.deepEqual(await run(control), { kind: "applied", concert: concertOnSale(given) });
    assert.deepEqual(notes, []);
  });

test("a closed queue refuses pause and resume", async () => {
  for (const control of [{ kind: "pause" }, { kind: "resume", rampSeconds: null }] as const) {
    const { run, notes } = fixture(concertOnSale({ closedAtMs: 5, ...paused }));
    assert.deepEqual(await run(control), { kind: "closed" });
    assert.deepEqual(notes, []);
  }
});

test("a control of an unknown concert is concert-not-found", async () => {
  assert.deepEqual(await fixture(null).run({ kind: "close" }), { kind: "concert-not-found" });
  assert.deepEqual(await fixture(concertOnSale(), false).run({ kind: "close" }), {
    kind: "concert-not-found",
  });
});
