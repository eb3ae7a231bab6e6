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
  ...initialSettings(initialPolicy({ opensAtMs }, 0), null),
  ...changes,
});

const setting = (concert: Concert | null, nowMs = opensAtMs, isKept = true) => {
  const notes: AuditNote[] = [];
  const learnt: SaleSettings[] = [];
  const change: ConcertRecords["change"] = async (_, decide) => {
    if (concert === null || !isKept) return null;
    const { outcome, save } = decide(concert, nowMs);
    if (save !== null) notes.push(save.note);
    const settings = save ? { ...save.settings, version: concert.version + 1 } : concert;
    return { outcome, settings };
  };
  const patch = changePolicy({
    records: { change },
    cache: {
      find: async () => concert,
      putSettings: (_, settings) => void learnt.push(settings),
    },
    mintSeed: () => seed,
  });
  const run = (input: PolicyInput) => patch({ actor: "operator:1", concertId, input });
  return { run, notes, learnt };
};

test("a change is kept, known here at once, and on record with old and new value", async () => {
  const { run, notes, learnt } = setting(concertOnSale());
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
  assert.equal(learnt[0]?.policy.maxActive, 5);
});

for (const [title, input] of [
  ["an empty input", {}],
  ["an input for what is so already", { maxActive: 200, mode: "fifo", opensAtMs }],
] as const)
  test(`${title} changes nothing, leaves no note, and is answered as it stands, closed or not`, async () => {
    for (const closedAtMs of [null, 5]) {
      const { run, notes } = setting(concertOnSale({ closedAtMs }));
      const outcome = await run(input);
      assert.equal(outcome.kind === "applied" && outcome.concert.version, 1);
      assert.deepEqual(notes, []);
    }
  });

test("closed is final", async () => {
  const { run, notes } = setting(concertOnSale({ closedAtMs: 5 }));
  assert.deepEqual(await run({ maxActive: 5 }), { kind: "closed" });
  assert.deepEqual(notes, []);
});

test("a fault comes before closed, and all violations come together", async () => {
  const { run, notes } = setting(concertOnSale({ closedAtMs: 5 }));
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

test("the opening moves until it has come", async () => {
  const later = { opensAtMs: opensAtMs + 60_000 };
  assert.equal((await setting(concertOnSale(), opensAtMs - 1).run(later)).kind, "applied");
  assert.equal((await setting(concertOnSale(), opensAtMs).run(later)).kind, "invalid");
});

const lotteryWish = { mode: "lottery", admitsAtMs: opensAtMs + 60_000 } as const;

test("a queue that becomes a lottery before it opens gets its seed then, and nobody is told", async () => {
  const { run, notes, learnt } = setting(concertOnSale(), opensAtMs - 1);
  assert.equal((await run(lotteryWish)).kind, "applied");
  assert.equal(learnt[0]?.drawSeed, seed);
  assert.deepEqual(notes[0]?.after, {
    mode: "lottery",
    admitsAt: "2026-11-22T10:01:00.000Z",
  });
  assert.ok(!JSON.stringify(notes).includes(seed));
});

test("a seed that was committed to stays, whatever changes: nobody draws twice", async () => {
  const drawSeed = "ef".repeat(32);
  const lottery = initialPolicy({ ...lotteryWish, opensAtMs }, 0);
  const changes = [
    [lottery, { admitsAtMs: opensAtMs + 90_000 }],
    [lottery, { mode: "fifo", admitsAtMs: null }],
    [initialPolicy({ opensAtMs }, 0), lotteryWish],
  ] as const;
  for (const [policy, input] of changes) {
    const { run, learnt } = setting(concertOnSale({ policy, drawSeed }), opensAtMs - 1);
    assert.equal((await run(input)).kind, "applied");
    assert.equal(learnt[0]?.drawSeed, drawSeed);
  }
});

test("an unknown concert has no policy to change", async () => {
  assert.deepEqual(await setting(null).run({}), { kind: "concert-not-found" });
  assert.deepEqual(await setting(concertOnSale(), 0, false).run({}), { kind: "concert-not-found" });
});
