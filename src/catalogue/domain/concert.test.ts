import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import {
  closingLateMs,
  type Concert,
  initialSettings,
  isRunning,
  openingSoonMs,
} from "./concert.ts";
import { initialPolicy } from "./policy.ts";

const opensAtMs = 1_000_000_000;
const hourMs = 3_600_000;
const lastStartMs = opensAtMs + 48 * hourMs;

const concert = (changes: Partial<Concert> = {}): Concert => ({
  concertId: toId("0190a1b2-0000-7000-8000-00000000000a"),
  title: "Winter Night",
  venue: null,
  timeZone: "UTC",
  currency: "KRW",
  dates: [
    { date: "1970-01-13", startsAtMs: lastStartMs - 24 * hourMs },
    { date: "1970-01-14", startsAtMs: lastStartMs },
  ],
  priceRange: { min: 1, max: 1 },
  grades: [{ name: "STANDARD", price: 1 }],
  description: null,
  posterUrl: null,
  ageRating: null,
  publishedAtMs: 0,
  isDraft: false,
  ...initialSettings(initialPolicy({ opensAtMs, sessionSeconds: 600, holdSeconds: 300 }, 0), null),
  ...changes,
});

const longHolds = {
  policy: initialPolicy({ opensAtMs, sessionSeconds: 1, holdSeconds: 7_200 }, 0),
};
const closedAtMs = opensAtMs + hourMs;
const slotMs = 600_000;

const cases: readonly [string, Partial<Concert>, number, boolean][] = [
  ["not long before it opens", {}, opensAtMs - openingSoonMs - 1, false],
  ["shortly before it opens", {}, opensAtMs - openingSoonMs, true],
  ["while it is open", {}, opensAtMs + hourMs, true],
  ["when the last show begins", {}, lastStartMs, true],
  ["until the last slot can have ended", {}, lastStartMs + slotMs + closingLateMs - 1, true],
  ["six days after the last show", {}, lastStartMs + 6 * 24 * hourMs, true],
  ["not after the last slot can have ended", {}, lastStartMs + slotMs + closingLateMs, false],
  ["while it is paused", { pausedAtMs: opensAtMs }, opensAtMs + 1, true],
  [
    "after it was closed, until the last slot can have ended",
    { closedAtMs },
    closedAtMs + slotMs + closingLateMs - 1,
    true,
  ],
  [
    "not after the last slot of a closed queue can have ended",
    { closedAtMs },
    closedAtMs + slotMs + closingLateMs,
    false,
  ],
  [
    "long holds prolong it",
    { closedAtMs, ...longHolds },
    closedAtMs + 7_200_000 + closingLateMs - 1,
    true,
  ],
  [
    "a closing after the last show does not prolong it",
    { closedAtMs: lastStartMs + 9 * hourMs },
    lastStartMs + slotMs + closingLateMs,
    false,
  ],
];

for (const [title, changes, nowMs, expected] of cases)
  test(`a concert is running: ${title}`, () =>
    assert.equal(isRunning(concert(changes), nowMs), expected));

test("a new concert has version 1 and is neither paused nor closed", () => {
  const policy = initialPolicy({}, 0);
  assert.deepEqual(initialSettings(policy, "ab"), {
    version: 1,
    policy,
    pausedAtMs: null,
    resumedAtMs: null,
    rampSeconds: null,
    closedAtMs: null,
    cancelledAtMs: null,
    drawSeed: "ab",
  });
});
