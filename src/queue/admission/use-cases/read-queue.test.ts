import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { newUser, openTerms } from "../../contracts/queue-store.contract.ts";
import { readFinal, readQueue, readState } from "./read-queue.ts";

test("the public view has state, counters and stock", async () => {
  const { deps, concertId, pass, world } = queueFixture();
  for (let count = 0; count < 3; count += 1) {
    await deps.store.join(concertId, newUser(), openTerms);
  }
  await pass();
  const reading = await readQueue(deps)(concertId);
  assert.ok(reading);
  assert.equal(reading.state, "OPEN");
  const { waiting, active, nowServing, lastIssued } = reading.counters;
  assert.deepEqual(
    { waiting, active, nowServing, lastIssued },
    { waiting: 1, active: 2, nowServing: 2, lastIssued: 3 },
  );
  assert.equal(reading.stock, world.stock);
});

test("an unknown concert has no queue", async () => {
  const { deps, concertId, world } = queueFixture();
  world.schedule = null;
  assert.equal(await readQueue(deps)(concertId), null);
  assert.equal(await readState(deps)(concertId), null);
  assert.equal(await readFinal(deps)(concertId), null);
});

test("the state alone needs no store", async () => {
  const { deps, concertId, away, clock, change } = queueFixture();
  away.store = true;
  await assert.rejects(readQueue(deps)(concertId), Unavailable);
  assert.equal(await readState(deps)(concertId), "OPEN");
  assert.equal(await readFinal(deps)(concertId), null);
  const recovering = { ...deps, isRecovering: () => true };
  assert.equal(await readState(recovering)(concertId), "RECOVERING");
  change({ closedAtMs: clock.atMs });
  assert.equal(await readState(recovering)(concertId), "CLOSED");
  assert.equal(await readFinal(deps)(concertId), "CLOSED");
});
