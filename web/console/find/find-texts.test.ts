import assert from "node:assert/strict";
import { test } from "node:test";
import { Entry } from "../../../src/sale/adapters/http/shapes.ts";
import { accountTexts } from "../../fan/account/texts.ts";
import { language, type Language } from "../../shared/language.ts";
import { findTexts } from "./find-texts.ts";

/** The kinds of changes of a balance that the published API may answer. */
const kinds: readonly string[] = Entry.properties.type.enum;

/** A text of the language; a raw kind such as REFUND is none. */
const shapes: Readonly<Record<Language, RegExp>> = { en: /^[A-Z][a-z ]+$/, ko: /^[가-힣 ]+$/ };

const pages: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  "the fan's page": () => accountTexts().type,
  "the console's page of a user": () => findTexts().entryType,
};

for (const [page, textsOf] of Object.entries(pages))
  test(`${page} has a text of its own in both languages for each kind of change of a balance`, () => {
    assert.deepEqual(kinds.toSorted(), ["CHARGE", "FEE", "PAYMENT", "REFUND"]);
    for (const chosen of ["en", "ko"] as const) {
      language.value = chosen;
      const texts = kinds.map((kind) => textsOf()[kind] ?? "");
      for (const [n, text] of texts.entries()) assert.match(text, shapes[chosen], kinds[n]);
      assert.equal(new Set(texts).size, kinds.length);
    }
  });
