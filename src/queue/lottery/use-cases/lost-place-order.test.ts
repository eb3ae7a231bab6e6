import assert from "node:assert/strict";
import { test } from "node:test";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { seqAfterLobby } from "../../admission/domain/place.ts";
import { newUser } from "../../contracts/queue-store.contract.ts";
import { drawValueOf } from "../domain/draw-value.ts";

const drawSeed = "c0de".repeat(16);
const draw = { drawnAtMs: 1, entrants: 1, entrantsDigest: "ab" };

test("a place of the lobby has its draw value, from the seed and the user id", async () => {
  const { change, concertId, deps } = queueFixture({ mode: "lottery" });
  change({ drawSeed });
  const userId = newUser();
  const place = { concertId, userId, epoch: 2, seq: 1 };
  const drawValue = drawValueOf(deps.hmac, drawSeed, userId);
  assert.deepEqual(await deps.orderOf(place), { drawValue, isBeforeDraw: true });
  change({ draw });
  assert.deepEqual(await deps.orderOf(place), { drawValue, isBeforeDraw: false });
  const late = { ...place, seq: seqAfterLobby(1) };
  assert.deepEqual(await deps.orderOf(late), { drawValue: undefined, isBeforeDraw: false });
});

test("a place in fifo, or of an unknown concert, has no draw value", async () => {
  const { concertId, deps, world } = queueFixture({ mode: "fifo" });
  const place = { concertId, userId: newUser(), epoch: 1, seq: 4 };
  assert.deepEqual(await deps.orderOf(place), { drawValue: undefined, isBeforeDraw: false });
  world.schedule = null;
  assert.deepEqual(await deps.orderOf(place), {});
});
