import assert from "node:assert/strict";
import { test } from "node:test";
import { actionTexts } from "./console/action-texts.ts";
import { messages } from "./console/error-texts.ts";
import { goodsTexts } from "./console/goods/goods-texts.ts";
import { houseTexts } from "./console/hall/house-texts.ts";
import { saleTexts } from "./console/hall/sale-texts.ts";
import { planTexts } from "./console/plan/plan-texts.ts";
import { historyTexts } from "./console/place-history-texts.ts";
import { texts as consoleTexts } from "./console/texts.ts";
import { doorTexts } from "./door/texts.ts";
import { challengeTexts } from "./fan/challenge/texts.ts";
import { accountTexts } from "./fan/account/texts.ts";
import { concertTexts } from "./fan/concerts/texts.ts";
import { hallTexts } from "./fan/hall/texts.ts";
import { joinTexts } from "./fan/join/texts.ts";
import { returnTexts } from "./fan/oidc/return-texts.ts";
import { oidcTexts } from "./fan/oidc/texts.ts";
import { purchaseTexts } from "./fan/purchase/texts.ts";
import { refundTexts } from "./fan/refund/texts.ts";
import { shopTexts } from "./fan/shop/texts.ts";
import en from "./fan/texts/en.ts";
import ko from "./fan/texts/ko.ts";
import { mapTexts } from "./shared/hall/map-texts.ts";
import { placeTexts } from "./shared/hall/place-texts.ts";
import { language, type Language } from "./shared/language.ts";

// The texts of the pages as a whole: the same keys in both languages, and one register in Korean.

const waitingTexts = () => (language.peek() === "ko" ? ko : en);
const fan = [
  waitingTexts,
  concertTexts,
  joinTexts,
  purchaseTexts,
  refundTexts,
  accountTexts,
  mapTexts,
  challengeTexts,
  oidcTexts,
  returnTexts,
  hallTexts,
  placeTexts,
  shopTexts,
];
const operator = [
  consoleTexts,
  actionTexts,
  historyTexts,
  planTexts,
  saleTexts,
  houseTexts,
  goodsTexts,
  doorTexts,
];

type Entry = readonly [key: string, text: string];

/** Texts that take values are called with samples: numbers that also stand for lists and for texts. */
const sample = [12, 34];
const textsOf = (key: string, value: unknown): Entry[] => {
  if (typeof value === "string") return [[key, value]];
  if (typeof value === "function")
    return [[key, String(Reflect.apply(value, undefined, [sample, sample, sample, sample]))]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => textsOf(`${key}.${name}`, part));
};

const entriesIn = (chosen: Language, sets: readonly (() => object)[]): Entry[] => {
  language.value = chosen;
  return sets.flatMap((texts, n) => textsOf(String(n), texts()));
};

const sentenceEnds = (text: string): string[] =>
  [...text.matchAll(/([가-힣]+)[.?](?=\s|$|”|’)/g)].map(([, end]) => String(end));

/** Polite endings of 합니다체, at the end of a sentence or of the whole text. */
const isFormal = (end: string): boolean => /(?:니다|세요|까요)$/.test(end);
const isFriendly = (end: string): boolean => end.endsWith("요");

for (const [name, sets] of [
  ["fan", fan],
  ["operator", operator],
] as const)
  test(`the ${name}'s pages have the same texts in both languages, and none is empty`, () => {
    const [english, korean] = [entriesIn("en", sets), entriesIn("ko", sets)];
    assert.ok(english.length > 50, `${english.length} texts were read`);
    assert.deepEqual(
      korean.map(([key]) => key),
      english.map(([key]) => key),
    );
    for (const [key, text] of [...english, ...korean]) assert.notEqual(text.trim(), "", key);
  });

test("Korean texts for fans are in 해요체 throughout", () => {
  const entries = entriesIn("ko", fan);
  for (const [key, text] of entries) {
    assert.doesNotMatch(text, /니다/, `${key}: ${text}`);
    for (const end of sentenceEnds(text)) assert.ok(isFriendly(end), `${key}: ${text}`);
  }
  assert.ok(entries.flatMap(([, text]) => sentenceEnds(text)).length > 40);
});

test("Korean texts for operators are in 합니다체 throughout", () => {
  const errors = messages.map(([pattern, , text]): Entry => [String(pattern), text]);
  const entries = [...entriesIn("ko", operator), ...errors];
  for (const [key, text] of entries) {
    assert.doesNotMatch(text, /[아어해여돼예]요|에요/, `${key}: ${text}`);
    for (const end of sentenceEnds(text)) assert.ok(isFormal(end), `${key}: ${text}`);
  }
  assert.ok(entries.flatMap(([, text]) => sentenceEnds(text)).length > 40);
});

test("English texts have no Korean letters, but for the name of the other language", () => {
  for (const [key, text] of entriesIn("en", [...fan, ...operator]))
    if (!/^\d+\.other$/.test(key)) assert.doesNotMatch(text, /[가-힣]/, key);
});
