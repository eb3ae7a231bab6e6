import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { test } from "node:test";
import { digestOf, drawValueOf, userHashOf } from "../../../tools/verify-draw/draw.ts";
import {
  checkDraw,
  drawValueOf as inBrowser,
  parseDrawList,
  type DrawnPlace,
} from "./draw-rules.ts";

// The rules of the browser and of `npm run verify-draw` are written separately and must agree.

const seed = randomBytes(32).toString("hex");
const commitment = createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex");
const users = Array.from({ length: 40 }, () => randomUUID());
const places: DrawnPlace[] = users
  .map((userId) => ({ drawValue: drawValueOf(seed, userId), userHash: userHashOf(userId) }))
  .sort((a, b) => a.drawValue - b.drawValue);
const entrantsDigest = digestOf(places.map(({ userHash }) => userHash));
const draw = { commitment, seed, entrants: 40, entrantsDigest };
const me = users[17] ?? "";
const known = { userId: me, knownCommitment: commitment };

test("browser and command compute the same draw value, in whichever case the id is written", async () => {
  for (const userId of users.slice(0, 5)) {
    assert.equal(await inBrowser(seed, userId.toUpperCase()), drawValueOf(seed, userId));
  }
});

test("an honest draw passes every check and gives the user's own place", async () => {
  const result = await checkDraw(draw, places, known);
  const place = places.findIndex(({ userHash }) => userHash === userHashOf(me)) + 1;
  const own = { value: drawValueOf(seed, me), place };
  assert.deepEqual(result, { seed: true, knownCommitment: true, list: true, own });
});

test("another seed, another commitment and a changed list each fail their check", async () => {
  const otherSeed = { ...draw, seed: randomBytes(32).toString("hex") };
  assert.equal((await checkDraw(otherSeed, places, known)).seed, false);
  assert.equal(
    (await checkDraw(draw, places, { ...known, knownCommitment: "ab" })).knownCommitment,
    false,
  );
  assert.equal((await checkDraw(draw, places.slice(1), known)).list, false);
  assert.equal((await checkDraw(draw, places.toReversed(), known)).list, false);
  const [first, ...rest] = places;
  assert.ok(first);
  const exchanged = [{ ...first, userHash: userHashOf(randomUUID()) }, ...rest];
  assert.equal((await checkDraw(draw, exchanged, known)).list, false);
});

test("a user who joined after the draw has no place in the list, and unknown values stay null", async () => {
  const late = await checkDraw(draw, places, { userId: randomUUID(), knownCommitment: null });
  assert.equal(late.own?.place, null);
  assert.equal(late.knownCommitment, null);
  const long = await checkDraw(draw, null, { userId: null, knownCommitment: null });
  assert.deepEqual(long, { seed: true, knownCommitment: null, list: null, own: null });
});

test("the published list is parsed line by line", () => {
  const text = places.map((one) => `${one.drawValue} ${one.userHash}\n`).join("");
  assert.deepEqual(parseDrawList(text), places);
  assert.deepEqual(parseDrawList(""), []);
});
