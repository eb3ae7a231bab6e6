import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/trouble.ts";
import { lineScene } from "../../../test/support/line-scene.ts";
import { newUser, openTerms } from "../ports/line-store.contract.ts";
import { leaveLine } from "./leave-line.ts";

const scene = async () => {
  const made = lineScene();
  const userId = newUser();
  const place = { epoch: 1, seq: 1 };
  await made.deps.store.join(made.concertId, userId, openTerms);
  const standing = async () =>
    (await made.deps.store.look(made.concertId, userId, place)).standing.kind;
  return { ...made, place, standing, token: made.claims(userId, place) };
};

test("who leaves has left in the database and in the store, also the second time", async () => {
  const { deps, token, world, standing, place } = await scene();
  await leaveLine(deps)(token);
  assert.equal(await standing(), "ended");
  assert.deepEqual(world.left, [place]);
  await leaveLine(deps)(token);
  assert.equal(await standing(), "ended");
});

test("without the database nothing is given up", async () => {
  const { deps, token, away, standing } = await scene();
  away.database = true;
  await assert.rejects(leaveLine(deps)(token), Unavailable);
  assert.equal(await standing(), "waiting");
});

test("without the store the database's word is enough", async () => {
  const { deps, token, away, world, place } = await scene();
  away.store = true;
  await leaveLine(deps)(token);
  assert.deepEqual(world.left, [place]);
});

test("a bug of the store is not hidden", async () => {
  const { deps, token } = await scene();
  const fault = new Error("a bug");
  const store = { end: () => Promise.reject(fault) };
  await assert.rejects(leaveLine({ ...deps, store })(token), fault);
});
