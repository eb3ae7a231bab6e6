import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { test } from "node:test";
import { digestOf, drawValueOf, userHashOf } from "../../../tools/verify-draw/draw.ts";
import { checkDraw, drawValueOf as inBrowser, readList, type DrawnPlace } from "./draw-rules.ts";

// The browser's rules against those of the command that checks a draw: written apart, they must agree.

const seed = randomBytes(32).toString("hex");
const commitment = createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex");
const users = Array.from({ length: 40 }, () => randomUUID());
const places: DrawnPlace[] = users
  .map((userId) => ({ drawValue: drawValueOf(seed, userId), userHash: userHashOf(userId) }))
  .sort((a, b) => a.drawValue - b.drawValue);
const entrantsDigest = digestOf(places.map(({ userHash }) => userHash));
const draw = { commitment, seed, entrants: 40, entrantsDigest };
const me = users[17] ?? "";
const known = { userId: me, noted: commitment };

test("the draw value is the same, whoever computes it and however the id is written", async () => {
  for (const userId of users.slice(0, 5)) {
    assert.equal(await inBrowser(seed, userId.toUpperCase()), drawValueOf(seed, userId));
  }
});

test("an honest draw holds, and tells one's own place", async () => {
  const verdict = await checkDraw(draw, places, known);
  const place = places.findIndex(({ userHash }) => userHash === userHashOf(me)) + 1;
  const own = { value: drawValueOf(seed, me), place };
  assert.deepEqual(verdict, { seed: true, noted: true, list: true, own });
});

test("another seed, another fingerprint, and a list that was changed are all found", async () => {
  const otherSeed = { ...draw, seed: randomBytes(32).toString("hex") };
  assert.equal((await checkDraw(otherSeed, places, known)).seed, false);
  assert.equal((await checkDraw(draw, places, { ...known, noted: "ab" })).noted, false);
  assert.equal((await checkDraw(draw, places.slice(1), known)).list, false);
  assert.equal((await checkDraw(draw, places.toReversed(), known)).list, false);
  const [first, ...rest] = places;
  assert.ok(first);
  const exchanged = [{ ...first, userHash: userHashOf(randomUUID()) }, ...rest];
  assert.equal((await checkDraw(draw, exchanged, known)).list, false);
});

test("who joined later is on no list, and what cannot be told is left open", async () => {
  const late = await checkDraw(draw, places, { userId: randomUUID(), noted: null });
  assert.equal(late.own?.place, null);
  assert.equal(late.noted, null);
  const long = await checkDraw(draw, null, { userId: null, noted: null });
  assert.deepEqual(long, { seed: true, noted: null, list: null, own: null });
});

test("the published list is read line by line", () => {
  const text = places.map((one) => `${one.drawValue} ${one.userHash}\n`).join("");
  assert.deepEqual(readList(text), places);
  assert.deepEqual(readList(""), []);
});
