import assert from "node:assert/strict";
import { test } from "node:test";
import { hasVisibleCharacter } from "./text.ts";

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
