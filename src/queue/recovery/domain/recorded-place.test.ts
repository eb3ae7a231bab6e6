import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { newestPlaceOf, type LastEntry } from "./recorded-place.ts";

const entryOf = (kind: LastEntry["kind"], more: Partial<LastEntry> = {}): LastEntry => ({
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

test("the ended mark of the buyer wins over a journal entry of the same or an older place", () => {
  const ended = { epoch: 1, seq: 5, reason: "PAID" as const };
  const place = { epoch: 1, seq: 5, state: { kind: "ended", reason: "PAID" } };
  assert.deepEqual(newestPlaceOf({ ended, lastEntry: null, hold: null }), place);
  assert.deepEqual(newestPlaceOf({ ended, lastEntry: entryOf("ADMITTED"), hold }), place);
  const older = entryOf("ADMITTED", { seq: 4 });
  assert.deepEqual(newestPlaceOf({ ended, lastEntry: older, hold }), place);
});

test("a place that is newer than the ended one is returned", () => {
  const ended = { epoch: 1, seq: 4, reason: "LEFT" as const };
  const last = entryOf("ADMITTED", { activeUntilMs: 7 });
  assert.deepEqual(newestPlaceOf({ ended, lastEntry: last, hold }), {
    epoch: 1,
    seq: 5,
    state: { kind: "admitted", activeUntilMs: 7, hold },
  });
});

test("a skipped place stays skipped after a return, and keeps whether it was ever admitted", () => {
  for (const kind of ["STEPPED_OVER", "RETURNED"] as const) {
    for (const hasBeenAdmitted of [true, false]) {
      const { state } = newestPlaceOf({
        ended: null,
        lastEntry: entryOf(kind, { hasBeenAdmitted }),
        hold: null,
      });
      assert.deepEqual(state, { kind: "skipped", hasBeenAdmitted });
    }
  }
});

test("an end that only the journal has counts, and a user without any record is a bug", () => {
  const { state } = newestPlaceOf({ ended: null, lastEntry: entryOf("LAPSED"), hold: null });
  assert.deepEqual(state, { kind: "ended", reason: "LAPSED" });
  assert.throws(() => newestPlaceOf({ ended: null, lastEntry: null, hold: null }));
});

test("an admission without an end of its slot has already expired", () => {
  const { state } = newestPlaceOf({ ended: null, lastEntry: entryOf("ADMITTED"), hold: null });
  assert.deepEqual(state, { kind: "admitted", activeUntilMs: 0, hold: null });
});
