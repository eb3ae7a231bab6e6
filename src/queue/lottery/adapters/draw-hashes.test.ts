import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import {
  digestOf,
  drawValueOf as checkedValue,
  userHashOf,
} from "../../../../tools/verify-draw/draw.ts";
import { drawValueOf } from "../domain/draw-value.ts";
import { drawHashes } from "./draw-hashes.ts";

// Compares the hashes with the independent implementation in tools/verify-draw.

const someUsers = (count: number) =>
  Array.from({ length: count }, () => toId<"user">(randomUUID()));

test("the draw value of a user equals the one that verify-draw computes", () => {
  const seed = "c0de".repeat(16);
  for (const userId of someUsers(20)) {
    assert.equal(drawValueOf(drawHashes.hmac, seed, userId), checkedValue(seed, userId));
  }
});

test("the hashes of users are concatenated, each over the id in lower case", () => {
  const users = someUsers(3);
  const upper = users.map((userId) => userId.toUpperCase() as typeof userId);
  const expected = users.map(userHashOf).join("");
  assert.equal(Buffer.from(drawHashes.hashUsers(users)).toString("hex"), expected);
  assert.deepEqual(drawHashes.hashUsers(upper), drawHashes.hashUsers(users));
});

for (const count of [0, 1, 2, 999, 1_000, 5_000]) {
  test(`the digest of ${count} entrants equals the one that verify-draw computes`, async () => {
    const users = someUsers(count);
    const pages = [users.slice(0, 700), users.slice(700)].map((page) => drawHashes.hashUsers(page));
    assert.equal(await drawHashes.digest(pages), digestOf(users.map(userHashOf)));
  });
}

test("hashes with the same first two bytes are sorted by their other bytes", async () => {
  const hashes = ["00", "ff", "7f"].map((end) => `aaaa${"11".repeat(29)}${end}`);
  const expected = createHash("sha256").update(hashes.toSorted().join("\n")).digest("hex");
  assert.equal(await drawHashes.digest([Buffer.from(hashes.join(""), "hex")]), expected);
});

test("other work runs while a large digest is computed", async () => {
  const pages = [drawHashes.hashUsers(someUsers(20_000))];
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  turn();
  await drawHashes.digest(pages);
  isDone = true;
  assert.ok(turns > 10, `${turns} turns`);
});

test("a commitment is the SHA-256 of the seed's bytes", () => {
  const seed = "00ff".repeat(16);
  const bytes = createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex");
  assert.equal(drawHashes.sha256(seed), bytes);
});
