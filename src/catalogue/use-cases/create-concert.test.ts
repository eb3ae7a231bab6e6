import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type MintId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { NewConcert, ConcertInput } from "../domain/new-concert.ts";
import type { Concert } from "../domain/concert.ts";
import { publishedConcert } from "../domain/published.ts";
import type { AuditNote } from "../ports/concert-records.ts";
import { createConcert } from "./create-concert.ts";

const minted = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const nowMs = Date.parse("2026-11-22T10:00:00Z");
const input: ConcertInput = {
  title: "Winter Night",
  dates: [{ date: "2026-12-24" }],
  price: 5,
  policy: {},
};

const setting = (isAway = false) => {
  const added: { plan: NewConcert; note: AuditNote }[] = [];
  const learnt: Concert[] = [];
  const create = createConcert({
    records: {
      nowMs: async () => nowMs,
      add: async (plan, note) => {
        if (isAway) throw new Unavailable("the database is away");
        added.push({ plan, note });
      },
    },
    cache: { put: (concert) => void learnt.push(concert) },
    mintId: (() => minted) as unknown as MintId,
    mintSeed: () => "ab".repeat(32),
    currency: "KRW",
  });
  return { create, added, learnt };
};

test("a concert is kept with its note, opens by the database's clock, and is known here at once", async () => {
  const { create, added, learnt } = setting();
  const outcome = await create({ actor: "operator:1", input });
  assert.equal(outcome.kind, "created");
  const [one] = added;
  assert.ok(one);
  assert.equal(one.plan.concert.concertId, minted);
  assert.equal(one.plan.concert.policy.opensAtMs, nowMs);
  assert.equal(one.plan.concert.currency, "KRW");
  assert.deepEqual(one.note, {
    actor: "operator:1",
    action: "concert.created",
    before: null,
    after: publishedConcert(one.plan),
  });
  assert.deepEqual(learnt, [one.plan.concert]);
});

test("a lottery has its draw's seed from its creation on, which is in no note; a fifo queue has none", async () => {
  const { create, added, learnt } = setting();
  await create({ actor: "operator:1", input });
  const policy = { mode: "lottery", admitsAtMs: nowMs + 60_000 } as const;
  await create({ actor: "operator:1", input: { ...input, policy } });
  assert.deepEqual(
    learnt.map(({ drawSeed }) => drawSeed),
    [null, "ab".repeat(32)],
  );
  assert.ok(!JSON.stringify(added.map(({ note }) => note)).includes("ab".repeat(32)));
});

test("a seed may say under which id its concert is found again", async () => {
  const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000b");
  const { create, learnt } = setting();
  await create({ actor: "seed", input, concertId });
  assert.equal(learnt[0]?.concertId, concertId);
});

test("an input with violations keeps nothing", async () => {
  const { create, added, learnt } = setting();
  const outcome = await create({ actor: "operator:1", input: { ...input, price: 0 } });
  assert.deepEqual(outcome, {
    kind: "invalid",
    violations: [{ pointer: "/price", rule: "out-of-range" }],
  });
  assert.deepEqual([added.length, learnt.length], [0, 0]);
});

test("a concert that could not be kept is not known", async () => {
  const { create, learnt } = setting(true);
  await assert.rejects(create({ actor: "operator:1", input }), Unavailable);
  assert.deepEqual(learnt, []);
});
