import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { newUser, openTerms } from "../../contracts/queue-store.contract.ts";
import { leaveQueue } from "./leave-queue.ts";

const scene = async () => {
  const made = queueFixture();
  const userId = newUser();
  const place = { epoch: 1, seq: 1 };
  await made.deps.store.join(made.concertId, userId, openTerms);
  const placeStatus = async () =>
    (await made.deps.store.getStatus(made.concertId, userId, place)).status.kind;
  return { ...made, place, placeStatus, token: made.claims(userId, place) };
};

test("leaving ends the place in the database and in the store, once", async () => {
  const { deps, token, world, placeStatus, place } = await scene();
  await leaveQueue(deps)(token);
  assert.equal(await placeStatus(), "ended");
  assert.deepEqual(world.left, [place]);
  await leaveQueue(deps)(token);
  assert.equal(await placeStatus(), "ended");
});

test("without the database, leaving changes nothing", async () => {
  const { deps, token, away, placeStatus } = await scene();
  away.database = true;
  await assert.rejects(leaveQueue(deps)(token), Unavailable);
  assert.equal(await placeStatus(), "waiting");
});

test("without the store, leaving ends the place in the database", async () => {
  const { deps, token, away, world, place } = await scene();
  away.store = true;
  await leaveQueue(deps)(token);
  assert.deepEqual(world.left, [place]);
});

test("an error of the store other than Unavailable is thrown", async () => {
  const { deps, token } = await scene();
  const fault = new Error("a bug");
  const store = { end: () => Promise.reject(fault) };
  await assert.rejects(leaveQueue({ ...deps, store })(token), fault);
});
