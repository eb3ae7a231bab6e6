import assert from "node:assert/strict";
import { test } from "node:test";
import { invalid } from "../../src/catalogue/adapters/http/violations.ts";
import type { Violation, ViolationRule } from "../../src/catalogue/domain/violation.ts";
import { language } from "../shared/language.ts";
import { errorText } from "./error-texts.ts";

const rules: Readonly<Record<ViolationRule, true>> = {
  "out-of-range": true,
  "not-a-whole-number": true,
  "fixed-once-open": true,
  "fixed-near-draw": true,
  "draw-too-soon": true,
  "needed-for-lottery": true,
  "only-for-lottery": true,
  "not-after-opening": true,
  "after-opening": true,
  "duplicate-days": true,
  "not-an-address": true,
  "not-an-instant": true,
  "not-a-text": true,
  "unknown-time-zone": true,
  "not-a-date": true,
  "duplicate-date": true,
  "not-on-its-date": true,
  "begun-already": true,
  "existing-date": true,
  "show-begun": true,
  "not-in-future": true,
  "no-dates": true,
  "too-many-dates": true,
  "neither-price-nor-grades": true,
  "both-price-and-grades": true,
  "duplicate-grade": true,
  "seats-outside-the-hall": true,
  "seats-reversed": true,
  "seats-in-two-grades": true,
  "seats-without-a-grade": true,
  "plan-and-prices": true,
  empty: true,
  "duplicate-name": true,
  "unknown-grade": true,
  "too-many-grades": true,
  "too-many-sections": true,
  "too-many-rows": true,
  "too-many-in-row": true,
  "too-many-seats": true,
  "step-misses-the-last": true,
  "neither-seats-nor-places": true,
  "both-seats-and-places": true,
  "only-with-seats": true,
  "needed-for-seats": true,
  "only-for-seats": true,
  "needed-for-standing": true,
  "only-for-standing": true,
  "not-a-coordinate": true,
  "too-many-seats-on-all-dates": true,
};

const messageOf = (violation: Violation): string => {
  const { errors } = invalid([violation]).members as { errors: { message: string }[] };
  return errors[0]?.message ?? "";
};

for (const rule of Object.keys(rules) as ViolationRule[])
  test(`the console shows this error in Korean: ${rule}`, () => {
    language.value = "ko";
    const text = errorText(messageOf({ pointer: "/policy/maxActive", rule }));
    assert.match(text, /[가-힣]/);
    assert.doesNotMatch(text, /\$\d/);
  });

const ofShape: readonly [string, string, string][] = [
  ["must NOT have fewer than 1 characters", "must not be empty", "입력하세요"],
  ["must be >= 1", "must be 1 or more", "1 이상이어야 합니다"],
  ["is out of range: 1 to 50", "must be from 1 to 50", "1부터 50까지 가능합니다"],
];
for (const [message, en, ko] of ofShape)
  test(`the message "${message}" has a text in both languages`, () => {
    language.value = "en";
    assert.equal(errorText(message), en);
    language.value = "ko";
    assert.equal(errorText(message), ko);
  });

test("an unknown message is shown as the server sends it", () => {
  assert.equal(errorText("is of an unheard-of kind"), "is of an unheard-of kind");
});
