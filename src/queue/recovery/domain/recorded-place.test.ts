import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { newestPlaceOf, type LastEntry } from "./recorded-place.ts";

const noted = (kind: LastEntry["kind"], more: Partial<LastEntry> = {}): LastEntry => ({
  epoch: 1,
  seq: 5,
  kind,
  activeUntilMs: null,
  hasBeenAdmitted: true,
  ...more,
});
const hold = {
  reservationId: toId<"reservation">("0190a1b2-0000-7000-8000-000000000001"),
  expiresAtMs: 9,
};

test("an end that the buyer's mark knows is final, whatever the journal has noted before it", () => {
  const ended = { epoch: 1, seq: 5, reason: "PAID" as const };
  const place = { epoch: 1, seq: 5, state: { kind: "ended", reason: "PAID" } };
  assert.deepEqual(newestPlaceOf({ ended, lastEntry: null, hold: null }), place);
  assert.deepEqual(newestPlaceOf({ ended, lastEntry: noted("ADMITTED"), hold }), place);
  const older = noted("ADMITTED", { seq: 4 });
  assert.deepEqual(newestPlaceOf({ ended, lastEntry: older, hold }), place);
});

test("a newer place than the one that has ended is the one that counts", () => {
  const ended = { epoch: 1, seq: 4, reason: "LEFT" as const };
  const last = noted("ADMITTED", { activeUntilMs: 7 });
  assert.deepEqual(newestPlaceOf({ ended, lastEntry: last, hold }), {
    epoch: 1,
    seq: 5,
    state: { kind: "admitted", activeUntilMs: 7, hold },
  });
});

test("who was set aside is away, also when he had come back, and it is known if he had been admitted", () => {
  for (const kind of ["STEPPED_OVER", "RETURNED"] as const) {
    for (const hasBeenAdmitted of [true, false]) {
      const { state } = newestPlaceOf({
        ended: null,
        lastEntry: noted(kind, { hasBeenAdmitted }),
        hold: null,
      });
      assert.deepEqual(state, { kind: "skipped", hasBeenAdmitted });
    }
  }
});

test("an end that only the journal knows is an end; nothing at all is a bug", () => {
  const { state } = newestPlaceOf({ ended: null, lastEntry: noted("LAPSED"), hold: null });
  assert.deepEqual(state, { kind: "ended", reason: "LAPSED" });
  assert.throws(() => newestPlaceOf({ ended: null, lastEntry: null, hold: null }));
});

test("an admission without an end of its slot is over", () => {
  const { state } = newestPlaceOf({ ended: null, lastEntry: noted("ADMITTED"), hold: null });
  assert.deepEqual(state, { kind: "admitted", activeUntilMs: 0, hold: null });
});
