import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { type Concert, initialSettings, type SaleSettings } from "../domain/concert.ts";
import { initialPolicy, type PolicyInput } from "../domain/policy.ts";
import type { AuditNote, ConcertRecords } from "../ports/concert-records.ts";
import { changePolicy } from "./change-policy.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const opensAtMs = Date.parse("2026-11-22T10:00:00Z");
const seed = "cd".repeat(32);

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
  ...initialSettings(initialPolicy({ opensAtMs }, 0), null),
  ...changes,
});

const fixture = (concert: Concert | null, nowMs = opensAtMs, isStored = true) => {
  const notes: AuditNote[] = [];
  const cached: SaleSettings[] = [];
  const change: ConcertRecords["change"] = async (_, decide) => {
    if (concert === null || !isStored) return null;
    const { outcome, save } = decide(concert, nowMs);
    if (save !== null) notes.push(save.note);
    const settings = save ? { ...save.settings, version: concert.version + 1 } : concert;
    return { outcome, settings };
  };
  const useCase = changePolicy({
    records: { change },
    cache: {
      find: async () => concert,
      putSettings: (_, settings) => void cached.push(settings),
    },
    mintSeed: () => seed,
  });
  const run = (input: PolicyInput) => useCase({ actor: "operator:1", concertId, input });
  return { run, notes, cached };
};

test("a change is stored, cached at once, and audited with old and new values", async () => {
  const { run, notes, cached } = fixture(concertOnSale());
  const outcome = await run({ maxActive: 5, holdSeconds: 300 });
  assert.equal(outcome.kind, "applied");
  assert.equal(outcome.kind === "applied" && outcome.concert.policy.maxActive, 5);
  assert.equal(outcome.kind === "applied" && outcome.concert.version, 2);
  assert.deepEqual(notes, [
    {
      actor: "operator:1",
      action: "policy.changed",
      before: { maxActive: 200 },
      after: { maxActive: 5 },
    },
  ]);
  assert.equal(cached[0]?.policy.maxActive, 5);
});

for (const [title, input] of [
  ["an empty input", {}],
  ["an input with the present values", { maxActive: 200, mode: "fifo", opensAtMs }],
] as const)
  test(`${title} changes nothing, is not audited and answers the concert, open or closed`, async () => {
    for (const closedAtMs of [null, 5]) {
      const { run, notes } = fixture(concertOnSale({ closedAtMs }));
      const outcome = await run(input);
      assert.equal(outcome.kind === "applied" && outcome.concert.version, 1);
      assert.deepEqual(notes, []);
    }
  });

test("a closed queue refuses a change", async () => {
  const { run, notes } = fixture(concertOnSale({ closedAtMs: 5 }));
  assert.deepEqual(await run({ maxActive: 5 }), { kind: "closed" });
  assert.deepEqual(notes, []);
});

test("violations are answered together, and before closed", async () => {
  const { run, notes } = fixture(concertOnSale({ closedAtMs: 5 }));
  const outcome = await run({ maxActive: 0, opensAtMs: opensAtMs + 1 });
  assert.deepEqual(outcome, {
    kind: "invalid",
    violations: [
      { pointer: "/maxActive", rule: "out-of-range" },
      { pointer: "/opensAt", rule: "fixed-once-open" },
    ],
  });
  assert.deepEqual(notes, []);
});

test("the opening can change until it has come", async () => {
  const later = { opensAtMs: opensAtMs + 60_000 };
  assert.equal((await fixture(concertOnSale(), opensAtMs - 1).run(later)).kind, "applied");
  assert.equal((await fixture(concertOnSale(), opensAtMs).run(later)).kind, "invalid");
});

const lotteryWish = { mode: "lottery", admitsAtMs: opensAtMs + 60_000 } as const;

test("a queue that becomes a lottery gets a seed that no audit entry contains", async () => {
  const { run, notes, cached } = fixture(concertOnSale(), opensAtMs - 1);
  assert.equal((await run(lotteryWish)).kind, "applied");
  assert.equal(cached[0]?.drawSeed, seed);
  assert.deepEqual(notes[0]?.after, {
    mode: "lottery",
    admitsAt: "2026-11-22T10:01:00.000Z",
  });
  assert.ok(!JSON.stringify(notes).includes(seed));
});

test("a change keeps the seed, so that no lottery is drawn twice", async () => {
  const drawSeed = "ef".repeat(32);
  const lottery = initialPolicy({ ...lotteryWish, opensAtMs }, 0);
  const changes = [
    [lottery, { admitsAtMs: opensAtMs + 90_000 }],
    [lottery, { mode: "fifo", admitsAtMs: null }],
    [initialPolicy({ opensAtMs }, 0), lotteryWish],
  ] as const;
  for (const [policy, input] of changes) {
    const { run, cached } = fixture(concertOnSale({ policy, drawSeed }), opensAtMs - 1);
    assert.equal((await run(input)).kind, "applied");
    assert.equal(cached[0]?.drawSeed, drawSeed);
  }
});

test("a change of an unknown concert is concert-not-found", async () => {
  assert.deepEqual(await fixture(null).run({}), { kind: "concert-not-found" });
  assert.deepEqual(await fixture(concertOnSale(), 0, false).run({}), { kind: "concert-not-found" });
});
