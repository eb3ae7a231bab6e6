import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import {
  drawValueOf,
  drawValueOfPlace,
  lobbyTerms,
  publishedDraw,
  type DrawSetting,
  type Hmac,
} from "./draw-value.ts";
import { isBeforeDraw } from "../../admission/domain/draw.ts";
import { isLobbyPlace, seqAfterLobby, scoreOf } from "../../admission/domain/place.ts";

const hmac: Hmac = (keyHex, text) =>
  createHmac("sha256", Buffer.from(keyHex, "hex")).update(text).digest("hex");
const sha256 = (hex: string): string =>
  createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex");

const seed = "00ff".repeat(16);
const userId = toId<"user">("0190a1b2-c3d4-7000-8000-00000000000b");
const record = { drawnAtMs: 9_000, entrants: 3, entrantsDigest: "ab".repeat(32) };
const lottery: DrawSetting = {
  policy: { mode: "lottery", admitsAtMs: 8_000 },
  drawSeed: seed,
};
const fifo: DrawSetting = { policy: { mode: "fifo", admitsAtMs: null }, drawSeed: null };

test("a draw value is the first 13 hex digits of the HMAC of the id in lower case", () => {
  assert.equal(
    drawValueOf(() => "fffffffffffff0123", seed, userId),
    2 ** 52 - 1,
  );
  assert.equal(
    drawValueOf(() => "00000000000010123", seed, userId),
    1,
  );
  const asked: string[] = [];
  const upper = userId.toUpperCase() as typeof userId;
  drawValueOf((...args) => (asked.push(...args), "0"), seed, upper);
  assert.deepEqual(asked, [seed, userId]);
  const digest = createHmac("sha256", Buffer.from(seed, "hex")).update(userId).digest("hex");
  assert.equal(drawValueOf(hmac, seed, userId), Number(`0x${digest.slice(0, 13)}`));
});

test("every draw value is lower than the score of every place outside the lobby", () => {
  assert.ok(2 ** 52 - 1 < scoreOf({ epoch: 1, seq: 1 }));
});

test("a lottery is before its draw until the draw is saved, and a fifo queue never is", () => {
  assert.equal(isBeforeDraw(lottery), true);
  assert.equal(isBeforeDraw({ ...lottery, draw: null }), true);
  assert.equal(isBeforeDraw({ ...lottery, draw: record }), false);
  assert.equal(isBeforeDraw(fifo), false);
});

test("the lobby lasts until it is due, and a saved draw ends it at any time", () => {
  const drawValue = drawValueOf(hmac, seed, userId);
  assert.deepEqual(lobbyTerms(hmac, lottery, userId), { untilMs: 8_000, drawValue });
  const drawn = { ...lottery, draw: record };
  assert.deepEqual(lobbyTerms(hmac, drawn, userId), { untilMs: 0, drawValue });
  assert.equal(lobbyTerms(hmac, { ...fifo, drawSeed: seed }, userId), undefined);
});

test("a place of the lobby has a draw value; a later place and a fifo place have none", () => {
  const value = (setting: DrawSetting, seq: number) =>
    drawValueOfPlace(hmac, setting, { userId, epoch: 1, seq });
  assert.equal(value(lottery, 1), drawValueOf(hmac, seed, userId));
  assert.equal(value(lottery, 2 ** 32), drawValueOf(hmac, seed, userId));
  assert.equal(value(lottery, seqAfterLobby(1)), undefined);
  assert.equal(value(fifo, 1), undefined);
  assert.deepEqual(
    [isLobbyPlace({ seq: seqAfterLobby(0) }), isLobbyPlace({ seq: seqAfterLobby(1) })],
    [true, false],
  );
});

test("the commitment is always published, and the seed only with the saved draw", () => {
  const commitment = sha256(seed);
  assert.deepEqual(publishedDraw(sha256, lottery), { commitment, done: null });
  const done = { ...record, seed };
  assert.deepEqual(publishedDraw(sha256, { ...lottery, draw: record }), { commitment, done });
  assert.equal(publishedDraw(sha256, { ...fifo, drawSeed: seed }), null);
});

test("a lottery without a seed is a bug", () => {
  const broken = { ...lottery, drawSeed: null };
  assert.throws(() => publishedDraw(sha256, broken), /no seed/);
  assert.throws(() => lobbyTerms(hmac, broken, userId), /no seed/);
});
