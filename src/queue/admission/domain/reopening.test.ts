import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConcertId } from "#kernel/ids.ts";
import { mintId } from "#platform/ids.ts";
import { reopening } from "./reopening.ts";

const [one, other]: [ConcertId, ConcertId] = [mintId(), mintId()];

test("a queue that was over counts as over for a second after it was last seen so, and no other queue does", () => {
  let atMs = 5_000;
  const seen = reopening(() => atMs);
  seen.saw(one, null);
  assert.equal(seen.recentEnd(one), null);
  seen.saw(one, "SOLD_OUT");
  atMs += 200;
  seen.saw(one, "ENDED");
  seen.saw(other, null);
  atMs += 200;
  seen.saw(one, null);
  assert.deepEqual([seen.recentEnd(one), seen.recentEnd(other)], ["ENDED", null]);
  atMs += 799;
  assert.equal(seen.recentEnd(one), "ENDED");
  atMs += 1;
  seen.saw(one, null);
  assert.equal(seen.recentEnd(one), null);
});
