import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { freeOnceReleased, type SeatHistory, type Span } from "#test/race/checkers.ts";
import { knownTaken, releaseDelayMs, renewAfterMs, trustMs } from "./known-taken.ts";

const opened = () => {
  let nowMs = 0;
  const known = knownTaken(() => nowMs);
  return { known, advance: (ms: number) => void (nowMs += ms) };
};
const both = new Set(["a", "b"]);

describe("seats that are known as taken", () => {
  it("a read counts from the moment before it was sent, for the time of trust", () => {
    const { known, advance } = opened();
    advance(4);
    known.note(["a"], both, 0);
    assert.equal(known.hasAll(["a"]), true);
    advance(trustMs - 4);
    assert.equal(known.hasAll(["a"]), true);
    advance(0.01);
    assert.equal(known.hasAll(["a"]), false);
  });

  it("a read is renewed from half of the time of trust on, and an unknown seat is not", () => {
    const { known, advance } = opened();
    known.note(["a"], both, 0);
    known.note(["b"], both, 1);
    advance(renewAfterMs - 0.01);
    assert.equal(known.shouldRenew(["a", "b", "c"]), false);
    advance(0.01);
    assert.equal(known.shouldRenew(["b", "c"]), false);
    assert.equal(known.shouldRenew(["b", "a"]), true);
    known.note(["a"], both, renewAfterMs);
    assert.equal(known.shouldRenew(["b", "a"]), false);
  });

  it("all seats must be known, and a request for none is not answered", () => {
    const { known } = opened();
    known.note(["a"], both, 0);
    assert.equal(known.hasAll(["a", "b"]), false);
    known.note(["b"], both, 0);
    assert.equal(known.hasAll(["a", "b"]), true);
    assert.equal(known.hasAll([]), false);
  });

  it("a later read that does not show a seat as taken counts at once, and an answer that came late never", () => {
    const { known, advance } = opened();
    known.note(["a", "b"], both, 0);
    known.note(["a"], new Set(), 0);
    assert.equal(known.hasAll(["a"]), false);
    assert.equal(known.hasAll(["b"]), true);
    advance(trustMs + 1);
    known.note(["a"], both, 0);
    assert.equal(known.hasAll(["a"]), false);
  });
});

// A seat that users take and release on one instance, and attempts on another one that reads. All times are drawn, so an
// answer may come after a frozen process or a slow network.

interface Rules {
  /** From the commit of a release to its answer. */
  readonly delayMs: number;
  /** Whether a read counts from the arrival of its result, which is wrong. */
  readonly fromArrival: boolean;
}

interface World {
  /** Waits between a take and its release, and between a release and the next take. */
  readonly turns: readonly (readonly [heldMs: number, freeMs: number, commitMs: number])[];
  /** Waits between attempts, and the ways of a read to the database and back. */
  readonly attempts: readonly (readonly [afterMs: number, thereMs: number, backMs: number])[];
}

const worlds: fc.Arbitrary<World> = fc.record({
  turns: fc.array(fc.tuple(fc.nat(30), fc.nat(30), fc.nat(8)), { minLength: 2, maxLength: 6 }),
  attempts: fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.nat(15)), { minLength: 30, maxLength: 60 }),
});

/** The history of the seat as callers see it, whose attempts the memory answers where it can. */
const play = ({ turns, attempts }: World, rules: Rules): SeatHistory => {
  const [releases, takes]: [Span[], Span[]] = [[], []];
  const taken: Span[] = [];
  let atMs = 0;
  for (const [heldMs, freeMs, commitMs] of turns) {
    const fromMs = atMs + freeMs;
    takes.push({ sentMs: fromMs, answeredMs: fromMs });
    const endMs = fromMs + heldMs + commitMs;
    taken.push({ sentMs: fromMs, answeredMs: endMs });
    releases.push({ sentMs: fromMs + heldMs, answeredMs: endMs + rules.delayMs });
    atMs = endMs + rules.delayMs + 1;
  }
  const isTaken = (ms: number): boolean =>
    taken.some(({ sentMs, answeredMs }) => sentMs <= ms && ms < answeredMs);

  let nowMs = 0;
  const known = knownTaken(() => nowMs);
  const refusals: Span[] = [];
  const results: { readonly sentMs: number; readonly atMs: number; readonly taken: boolean }[] = [];
  for (const [afterMs, thereMs, backMs] of attempts) {
    const askedMs = nowMs + afterMs;
    for (const one of results.splice(0)) {
      if (one.atMs > askedMs) {
        results.push(one);
        continue;
      }
      nowMs = one.atMs;
      const sentMs = rules.fromArrival ? one.atMs : one.sentMs;
      known.note(["seat"], one.taken ? new Set(["seat"]) : new Set(), sentMs);
    }
    nowMs = askedMs;
    if (known.hasAll(["seat"])) refusals.push({ sentMs: nowMs, answeredMs: nowMs });
    else if (results.length === 0) {
      const readMs = nowMs + thereMs;
      results.push({ sentMs: nowMs, atMs: readMs + backMs, taken: isTaken(readMs) });
    }
  }
  return { releases, takes, refusals };
};

const holds = (rules: Rules) =>
  fc.check(
    fc.property(worlds, (world) => freeOnceReleased(play(world, rules)).length === 0),
    { numRuns: 3000 },
  );

describe("a free seat in generated histories", () => {
  it("is refused to no request that goes out after the answer to its release", () => {
    const { failed, counterexample } = holds({ delayMs: releaseDelayMs, fromArrival: false });
    assert.equal(failed, false, JSON.stringify(counterexample));
  });

  it("control: it is, where a release is told at once or a read counts from its arrival", () => {
    assert.equal(holds({ delayMs: 0, fromArrival: false }).failed, true);
    assert.equal(holds({ delayMs: trustMs / 2, fromArrival: false }).failed, true);
    assert.equal(holds({ delayMs: releaseDelayMs, fromArrival: true }).failed, true);
  });

  it("some attempts of these histories are refused from memory", () => {
    const refused = fc.sample(worlds, 200).map((world) => {
      const { refusals } = play(world, { delayMs: releaseDelayMs, fromArrival: false });
      return refusals.length;
    });
    assert.ok(refused.some((count) => count > 3));
  });
});
