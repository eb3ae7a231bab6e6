import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { test } from "node:test";
import { isUuid } from "#kernel/ids.ts";
import { mintId, uuidMinter } from "./ids.ts";

const minterAt = (clock: { ms: number }) =>
  uuidMinter({ nowMs: () => clock.ms, fillRandom: (bytes) => void randomFillSync(bytes) });

const timeOf = (id: string): number => Number.parseInt(id.replace("-", "").slice(0, 12), 16);

test("an id is a UUID of version 7 and variant 10 in lower case", () => {
  for (let n = 0; n < 2000; n += 1) {
    const id = mintId();
    assert.ok(isUuid(id));
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test("an id begins with the millisecond in which it was minted", () => {
  const clock = { ms: 1_795_340_000_123 };
  assert.equal(timeOf(minterAt(clock)()), clock.ms);
});

test("ids rise strictly while the clock stands still, also when the counter is full", () => {
  const mint = minterAt({ ms: 1_795_340_000_123 });
  let before = "";
  for (let n = 0; n < 20_000; n += 1) {
    const id: string = mint();
    assert.ok(id > before, `${id} after ${before}`);
    before = id;
  }
});

test("ids rise strictly when the clock steps back", () => {
  const clock = { ms: 1_795_340_000_123 };
  const mint = minterAt(clock);
  const first: string = mint();
  clock.ms -= 60_000;
  const second: string = mint();
  assert.ok(second > first);
});

test("two minters in one millisecond do not collide", () => {
  const clock = { ms: 1_795_340_000_123 };
  const [a, b] = [minterAt(clock), minterAt(clock)];
  const seen = new Set<string>();
  for (let n = 0; n < 2000; n += 1) seen.add(a()).add(b());
  assert.equal(seen.size, 4000);
});
