import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { fateOf, type LastNote } from "./recorded-place.ts";

const noted = (kind: LastNote["kind"], more: Partial<LastNote> = {}): LastNote => ({
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
  const place = { epoch: 1, seq: 5, fate: { kind: "ended", reason: "PAID" } };
  assert.deepEqual(fateOf({ ended, noted: null, hold: null }), place);
  assert.deepEqual(fateOf({ ended, noted: noted("ADMITTED"), hold }), place);
  const older = noted("ADMITTED", { seq: 4 });
  assert.deepEqual(fateOf({ ended, noted: older, hold }), place);
});

test("a newer place than the one that has ended is the one that counts", () => {
  const ended = { epoch: 1, seq: 4, reason: "LEFT" as const };
  const last = noted("ADMITTED", { activeUntilMs: 7 });
  assert.deepEqual(fateOf({ ended, noted: last, hold }), {
    epoch: 1,
    seq: 5,
    fate: { kind: "admitted", activeUntilMs: 7, hold },
  });
});

test("who was set aside is away, also when he had come back, and it is known if he had been admitted", () => {
  for (const kind of ["STEPPED_OVER", "RETURNED"] as const) {
    for (const hasBeenAdmitted of [true, false]) {
      const { fate } = fateOf({ ended: null, noted: noted(kind, { hasBeenAdmitted }), hold: null });
      assert.deepEqual(fate, { kind: "aside", hasBeenAdmitted });
    }
  }
});

test("an end that only the journal knows is an end; nothing at all is a bug", () => {
  const { fate } = fateOf({ ended: null, noted: noted("LAPSED"), hold: null });
  assert.deepEqual(fate, { kind: "ended", reason: "LAPSED" });
  assert.throws(() => fateOf({ ended: null, noted: null, hold: null }));
});

test("an admission without an end of its slot is over", () => {
  const { fate } = fateOf({ ended: null, noted: noted("ADMITTED"), hold: null });
  assert.deepEqual(fate, { kind: "admitted", activeUntilMs: 0, hold: null });
});
