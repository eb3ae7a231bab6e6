import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  idCursor,
  numberCursor,
  readIdCursor,
  readNumberCursor,
  invalidCursor,
} from "./cursors.ts";

const id = "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17";
const encoded = (text: string): string => Buffer.from(text).toString("base64url");

describe("a cursor", () => {
  it("is read as the position that it was made from", () => {
    for (const position of [1, 42, Number.MAX_SAFE_INTEGER]) {
      assert.equal(readNumberCursor(numberCursor(position) ?? ""), position);
    }
    assert.equal(readIdCursor(idCursor(id) ?? ""), id);
    assert.match(idCursor(id) ?? "", /^[A-Za-z0-9_-]+$/);
  });

  it("is null at the start and at the end of a list", () => {
    assert.equal(numberCursor(null), null);
    assert.equal(idCursor(null), null);
    assert.equal(readNumberCursor(undefined), null);
    assert.equal(readIdCursor(undefined), null);
  });

  it("is refused when this server did not write it", () => {
    const strange = [
      "",
      "!",
      "null",
      "1",
      encoded("0"),
      encoded("-1"),
      encoded("1e3"),
      encoded("abc"),
    ];
    strange.push(
      encoded("9999999999999999"),
      `${encoded("12")}=`,
      `${encoded("12")} `,
      encoded(id),
    );
    for (const cursor of strange) assert.equal(readNumberCursor(cursor), undefined, cursor);
    for (const cursor of ["", "x", encoded("12"), id, `${encoded(id)}=`, encoded(`${id}0`)]) {
      assert.equal(readIdCursor(cursor), undefined, cursor);
    }
    assert.equal(invalidCursor.problem, "INVALID_REQUEST");
  });
});
