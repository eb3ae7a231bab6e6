import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type MintId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { NewConcert, ConcertInput } from "../domain/new-concert.ts";
import type { Concert } from "../domain/concert.ts";
import { publishedConcert } from "../domain/published.ts";
import type { AddOutcome, AuditNote, KeyUse, NewKeyUse } from "../ports/concert-records.ts";
import { createConcert } from "./create-concert.ts";

const minted = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const nowMs = Date.parse("2026-11-22T10:00:00Z");
const input: ConcertInput = {
  title: "Winter Night",
  dates: [{ date: "2026-12-24" }],
  price: 5,
  policy: {},
};

const fixture = (isAway = false, outcome: AddOutcome = { kind: "added" }) => {
  const added: { newConcert: NewConcert; note: AuditNote; use: NewKeyUse | null }[] = [];
  const uses = new Map<string, KeyUse>();
  const cached: Concert[] = [];
  const create = createConcert({
    records: {
      nowMs: async () => nowMs,
      add: async (newConcert, note, use) => {
        if (isAway) throw new Unavailable("the database is away");
        added.push({ newConcert, note, use });
        return outcome;
      },
      findKeyUse: async (actor, { key }) => uses.get(`${actor} ${key}`) ?? null,
    },
    cache: { put: (concert) => void cached.push(concert) },
    answerOf: ({ title }, atMs) => ({ title, atMs }),
    mintId: (() => minted) as unknown as MintId,
    mintSeed: () => "ab".repeat(32),
    currency: "KRW",
  });
  return { create, added, cached, uses };
};

test("a concert is stored with its audit entry, opens by the database's clock, and is cached at once", async () => {
  const { create, added, cached } = fixture();
  const outcome = await create({ actor: "operator:1", input });
  assert.equal(outcome.kind, "created");
  const [one] = added;
  assert.ok(one);
  assert.equal(one.newConcert.concert.concertId, minted);
  assert.equal(one.newConcert.concert.policy.opensAtMs, nowMs);
  assert.equal(one.newConcert.concert.currency, "KRW");
  assert.deepEqual(one.note, {
    actor: "operator:1",
    action: "concert.created",
    before: null,
    after: publishedConcert(one.newConcert),
  });
  assert.deepEqual(cached, [one.newConcert.concert]);
});

test("a new lottery has a seed that no audit entry contains; a fifo queue has none", async () => {
  const { create, added, cached } = fixture();
  await create({ actor: "operator:1", input });
  const policy = { mode: "lottery", admitsAtMs: nowMs + 60_000 } as const;
  await create({ actor: "operator:1", input: { ...input, policy } });
  assert.deepEqual(
    cached.map(({ drawSeed }) => drawSeed),
    [null, "ab".repeat(32)],
  );
  assert.ok(!JSON.stringify(added.map(({ note }) => note)).includes("ab".repeat(32)));
});

const intent = { key: "k", fingerprint: "f" };
const answer = { title: "Winter Night", atMs: nowMs };
const replayed: KeyUse = { kind: "replayed", answer };

test("a key goes to the database with the concert and the answer", async () => {
  const { create, added } = fixture();
  const outcome = await create({ actor: "operator:1", input, intent });
  assert.deepEqual(added[0]?.use, { intent, concertId: minted, answer });
  assert.ok(outcome.kind === "created");
  assert.deepEqual(outcome.answer, answer);
});

for (const earlier of [replayed, { kind: "key-reused" }] as const) {
  test(`a request that loses a race for its key is ${earlier.kind} and caches nothing`, async () => {
    const { create, cached } = fixture(false, earlier);
    assert.deepEqual(await create({ actor: "operator:1", input, intent }), earlier);
    assert.deepEqual(cached, []);
  });
}

test("a replay returns the stored answer, also after the dates of the concert have begun", async () => {
  const { create, added, uses } = fixture();
  const begun = {
    actor: "operator:1",
    input: { ...input, dates: [{ date: "2026-11-21" }] },
    intent,
  };
  assert.equal((await create(begun)).kind, "invalid");
  uses.set("operator:1 k", { kind: "key-reused" });
  assert.equal((await create(begun)).kind, "invalid");
  uses.set("operator:1 k", replayed);
  assert.deepEqual(await create(begun), replayed);
  assert.deepEqual(added, []);
});

test("a command can give the id of the concert", async () => {
  const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000b");
  const { create, cached } = fixture();
  await create({ actor: "seed", input, concertId });
  assert.equal(cached[0]?.concertId, concertId);
});

test("an input with violations stores nothing", async () => {
  const { create, added, cached } = fixture();
  const outcome = await create({ actor: "operator:1", input: { ...input, price: 0 } });
  assert.deepEqual(outcome, {
    kind: "invalid",
    violations: [{ pointer: "/price", rule: "out-of-range" }],
  });
  assert.deepEqual([added.length, cached.length], [0, 0]);
});

test("a concert that could not be stored is not cached", async () => {
  const { create, cached } = fixture(true);
  await assert.rejects(create({ actor: "operator:1", input }), Unavailable);
  assert.deepEqual(cached, []);
});
