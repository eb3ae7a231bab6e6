import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { readUserCursor, userCursor } from "./user-cursor.ts";

const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000a");

test("the cursor of a position is read back, whatever the name", () => {
  for (const key of ["", "kim ha-neul", "김하늘", "🎵".repeat(50), "가".repeat(100)]) {
    const cursor = userCursor({ key, userId }) ?? assert.fail();
    assert.match(cursor, /^[\w-]{1,600}$/);
    assert.deepEqual(readUserCursor(cursor), { key, userId });
  }
  assert.equal(userCursor(null), null);
  assert.equal(readUserCursor(undefined), null);
});

test("a text that no list has written is no cursor", () => {
  const cursor = userCursor({ key: "kim", userId }) ?? "";
  const nul = Buffer.from(`${userId}a\0`).toString("base64url");
  const invalid = Buffer.from([...Buffer.from(userId), 0xff]).toString("base64url");
  for (const text of [
    "",
    "AAAA",
    userId,
    `${cursor}!`,
    `${cursor} `,
    cursor.slice(0, 9),
    nul,
    invalid,
  ])
    assert.equal(readUserCursor(text), undefined, text);
});
