import assert from "node:assert/strict";
import { test } from "node:test";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { drawValueOf } from "../domain/draw.ts";
import { seqAfterLobby } from "../domain/place.ts";
import type { RecoveryStore } from "../ports/recovery-store.ts";
import { newUser } from "../ports/queue-store.contract.ts";
import { restoreByDraw } from "./restore-by-draw.ts";

const drawSeed = "c0de".repeat(16);
const draw = { drawnAtMs: 1, entrants: 1, entrantsDigest: "ab" };

const scene = (mode: "fifo" | "lottery") => {
  const { deps, change, world, concertId } = queueFixture({ mode });
  change({ drawSeed: mode === "lottery" ? drawSeed : null });
  const restored: Parameters<RecoveryStore["restore"]>[] = [];
  const store = { restore: async (...args: (typeof restored)[number]) => void restored.push(args) };
  return { ...deps, change, world, concertId, restored, run: restoreByDraw({ ...deps, store }) };
};

test("a place of the lobby gets its order again, from the seed and the user's id", async () => {
  const { run, concertId, restored, change, hmac } = scene("lottery");
  const userId = newUser();
  const drawValue = drawValueOf(hmac, drawSeed, userId);
  await run(concertId, userId, { epoch: 2, seq: 1 }, null);
  change({ draw });
  await run(concertId, userId, { epoch: 2, seq: 1 }, 77);
  await run(concertId, userId, { epoch: 2, seq: seqAfterLobby(1) }, null);
  assert.deepEqual(
    restored.map(([, , lost, untilMs]) => [lost, untilMs]),
    [
      [{ epoch: 2, seq: 1, drawValue, isBeforeDraw: true }, null],
      [{ epoch: 2, seq: 1, drawValue, isBeforeDraw: false }, 77],
      [{ epoch: 2, seq: seqAfterLobby(1), drawValue: undefined, isBeforeDraw: false }, null],
    ],
  );
});

test("a place of a queue of arrival, or of a concert that is gone, is put back by itself", async () => {
  const { run, concertId, restored, world } = scene("fifo");
  const place = { epoch: 1, seq: 4 };
  await run(concertId, newUser(), place, null);
  world.schedule = null;
  await run(concertId, newUser(), place, null);
  assert.deepEqual(
    restored.map(([, , lost]) => lost),
    [{ ...place, drawValue: undefined, isBeforeDraw: false }, place],
  );
});
