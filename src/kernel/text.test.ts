import assert from "node:assert/strict";
import { test } from "node:test";
import { hasControlCharacter, hasVisibleCharacter } from "./text.ts";

for (const text of [
  "",
  " ",
  "\u00a0",
  "\u3000",
  "\u200b\u200d",
  "\u3164",
  "\u115f\u1160",
  "\uffa0",
  "\u2800",
  "\u00ad",
])
  test(`a text of ${JSON.stringify(text)} shows nothing`, () => {
    assert.equal(hasVisibleCharacter(text), false);
  });

for (const text of ["a", "김", "R", "-", "🎵", " x ", "\u3164x"])
  test(`the text ${JSON.stringify(text)} shows something`, () => {
    assert.equal(hasVisibleCharacter(text), true);
  });

for (const mark of [
  "\0",
  "\n",
  "\u0085",
  "\u2028",
  "\u2029",
  "\u202a",
  "\u202e",
  "\u2066",
  "\u2069",
])
  test(`${JSON.stringify(mark)} is a control character, as no letter is`, () => {
    assert.equal(hasControlCharacter(`a${mark}b`), true);
    assert.equal(hasControlCharacter("한 a\u00a0ا\u200f👩\u200d🚀"), false);
  });
