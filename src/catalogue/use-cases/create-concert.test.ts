import assert from "node:assert/strict";
import { test } from "node:test";
import type { Intent } from "#kernel/idempotency.ts";
import { toId, type MintId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { NewConcert, ConcertInput } from "../domain/new-concert.ts";
import type { Concert } from "../domain/concert.ts";
import { publishedConcert } from "../domain/published.ts";
import type { AddOutcome, AuditNote } from "../ports/concert-records.ts";
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
  const added: { newConcert: NewConcert; note: AuditNote; intent: Intent | null }[] = [];
  const cached: Concert[] = [];
  const create = createConcert({
    records: {
      nowMs: async () => nowMs,
      findKeyUse: async () => (outcome.kind === "added" ? null : outcome),
      add: async (newConcert, note, intent) => {
        if (isAway) throw new Unavailable("the database is away");
        added.push({ newConcert, note, intent });
        return outcome;
      },
    },
    cache: {
      put: (concert) => void cached.push(concert),
      find: async (concertId) => ({ concertId }) as Concert,
    },
    mintId: (() => minted) as unknown as MintId,
    mintSeed: () => "ab".repeat(32),
    currency: "KRW",
  });
  return { create, added, cached };
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

test("a key goes to the database with the concert, and tells of the concert that it created before", async () => {
  const intent = { key: "k", fingerprint: "f" };
  const first = fixture();
  await first.create({ actor: "operator:1", input, intent });
  assert.deepEqual(first.added[0]?.intent, intent);
  const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000c");
  const again = fixture(false, { kind: "replayed", concertId });
  assert.deepEqual(await again.create({ actor: "operator:1", input, intent }), {
    kind: "replayed",
    concert: { concertId },
  });
  const other = fixture(false, { kind: "key-reused" });
  assert.deepEqual(await other.create({ actor: "operator:1", input, intent }), {
    kind: "key-reused",
  });
  assert.deepEqual([again.cached, other.cached], [[], []]);
});

test("the same request with its key is answered again after its dates have begun", async () => {
  const intent = { key: "k", fingerprint: "f" };
  const begun = { ...input, dates: [{ date: "2026-11-21" }] };
  const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000c");
  const again = fixture(false, { kind: "replayed", concertId });
  const command = { actor: "operator:1", input: begun, intent };
  assert.deepEqual(await again.create(command), { kind: "replayed", concert: { concertId } });
  for (const outcome of [{ kind: "added" }, { kind: "key-reused" }] as const)
    assert.equal((await fixture(false, outcome).create(command)).kind, "invalid");
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
