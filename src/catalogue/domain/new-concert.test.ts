import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { isPublished } from "./concert.ts";
import { type ConcertInput, buildConcert, type ServerValues } from "./new-concert.ts";

const setting: ServerValues = {
  concertId: toId("0190a1b2-0000-7000-8000-00000000000a"),
  currency: "KRW",
  nowMs: Date.parse("2026-11-22T10:00:00Z"),
  drawSeed: "ab".repeat(32),
};

const input = (changes: Partial<ConcertInput> = {}): ConcertInput => ({
  title: "Winter Night",
  dates: [{ date: "2026-12-24" }],
  ...(changes.grades === undefined ? { price: 99_000 } : {}),
  policy: {},
  ...changes,
});

const built = (changes: Partial<ConcertInput> = {}) => {
  const outcome = buildConcert(input(changes), setting);
  assert.equal(outcome.kind, "built", JSON.stringify(outcome));
  return (outcome as Extract<typeof outcome, { kind: "built" }>).newConcert;
};

test("a concert with only the required values gets time zone, start time, grade and policy", () => {
  const { concert, grades, plan } = built();
  assert.equal(concert.concertId, setting.concertId);
  assert.equal(concert.venue, null);
  assert.equal(concert.timeZone, "Asia/Seoul");
  assert.equal(concert.currency, "KRW");
  assert.deepEqual(concert.dates, [
    { date: "2026-12-24", startsAtMs: Date.parse("2026-12-24T10:00:00Z") },
  ]);
  assert.deepEqual(concert.priceRange, { min: 99_000, max: 99_000 });
  assert.deepEqual(grades, [{ name: "STANDARD", price: 99_000, seats: [1, 50] }]);
  assert.equal(plan.seatsTotal, 50);
  assert.equal(concert.policy.opensAtMs, setting.nowMs);
  assert.equal(concert.drawSeed, null);
});

test("a concert keeps every given value, with its dates sorted and its price range computed", () => {
  const startsAtMs = Date.parse("2026-12-24T02:00:00Z");
  const { concert } = built({
    venue: "Olympic Hall",
    timeZone: "America/New_York",
    dates: [{ date: "2026-12-25" }, { date: "2026-12-23", startsAtMs }],
    grades: [
      { name: "R", price: 30, seats: [1, 5] },
      { name: "A", price: 10, seats: [6, 40] },
      { name: "S", price: 20, seats: [41, 50] },
    ],
    policy: { maxActive: 9 },
  });
  assert.equal(concert.venue, "Olympic Hall");
  assert.deepEqual(concert.dates, [
    { date: "2026-12-23", startsAtMs },
    { date: "2026-12-25", startsAtMs: Date.parse("2026-12-26T00:00:00Z") },
  ]);
  assert.deepEqual(concert.priceRange, { min: 10, max: 30 });
  assert.equal(concert.policy.maxActive, 9);
});

const days = (count: number) =>
  Array.from({ length: count }, (_, day) => ({
    date: new Date(Date.UTC(2027, 0, 1 + day)).toISOString().slice(0, 10),
  }));

test("365 dates are valid", () => {
  assert.equal(built({ dates: days(365) }).concert.dates.length, 365);
});

const { nowMs } = setting;
const day = "2026-12-24";
const cases: readonly [string, Partial<ConcertInput>, readonly string[]][] = [
  ["no title", { title: "" }, ["/title not-a-text"]],
  ["a title of one space", { title: " " }, ["/title not-a-text"]],
  ["a title of a blank letter", { title: "\u3164" }, ["/title not-a-text"]],
  ["a description of blanks", { description: " \n " }, ["/description not-a-text"]],
  ["an age rating with a line break", { ageRating: "1\n2" }, ["/ageRating not-a-text"]],
  ["a poster without TLS", { posterUrl: "http://a.test/p" }, ["/posterUrl not-an-address"]],
  ["a poster that is a script", { posterUrl: "javascript:a" }, ["/posterUrl not-an-address"]],
  [
    "a publication after the opening",
    { publishedAtMs: nowMs + 2, policy: { opensAtMs: nowMs + 1 } },
    ["/publishedAt after-opening"],
  ],
  ["a title that turns the text after it", { title: "a\u202eb" }, ["/title not-a-text"]],
  ["a description of isolates", { description: "a\n\u2067b" }, ["/description not-a-text"]],
  ["a NUL byte", { title: "a\u0000" }, ["/title not-a-text"]],
  ["a lone surrogate", { title: "a\udfff" }, ["/title not-a-text"]],
  ["too long a title", { title: "x".repeat(201) }, ["/title not-a-text"]],
  ["an empty venue", { venue: "" }, ["/venue not-a-text"]],
  ["a line break in the venue", { venue: "a\nb" }, ["/venue not-a-text"]],
  [
    "an empty grade name",
    { grades: [{ name: "", price: 1, seats: [1, 50] }] },
    ["/grades/0/name not-a-text"],
  ],
  ["an unknown time zone", { timeZone: "Mars/Olympus" }, ["/timeZone unknown-time-zone"]],
  ["no dates", { dates: [] }, ["/dates no-dates"]],
  ["too many dates", { dates: days(366) }, ["/dates too-many-dates"]],
  [
    "a date outside the calendar",
    { dates: [{ date: "2026-02-30" }] },
    ["/dates/0/date not-a-date"],
  ],
  [
    "a date twice",
    { dates: [{ date: day }, { date: "2026-12-25" }, { date: day }] },
    ["/dates/2/date duplicate-date"],
  ],
  [
    "a start that is no moment",
    { dates: [{ date: day, startsAtMs: NaN }] },
    ["/dates/0/startsAt not-an-instant"],
  ],
  [
    "a start on the next day there, though not in UTC",
    { dates: [{ date: day, startsAtMs: Date.parse("2026-12-24T15:00:00Z") }] },
    ["/dates/0/startsAt not-on-its-date"],
  ],
  [
    "a start on the day before there",
    { dates: [{ date: day, startsAtMs: Date.parse("2026-12-23T14:59:59Z") }] },
    ["/dates/0/startsAt not-on-its-date"],
  ],
  [
    "a day that the zone has skipped",
    { timeZone: "Pacific/Apia", dates: [{ date: "2011-12-30" }] },
    ["/dates/0/startsAt not-on-its-date"],
  ],
  [
    "an evening past the year 9999",
    { timeZone: "Pacific/Pago_Pago", dates: [{ date: "9999-12-31" }] },
    ["/dates/0/startsAt not-an-instant"],
  ],
  [
    "a past date",
    { dates: [{ date: day }, { date: "1999-12-31" }] },
    ["/dates/1/date begun-already"],
  ],
  [
    "a show that begins at this moment",
    { dates: [{ date: "2026-11-22", startsAtMs: nowMs }] },
    ["/dates/0/date begun-already"],
  ],
  ["an invalid price", { price: 0 }, ["/price out-of-range"]],
  ["an invalid policy", { policy: { maxActive: 0 } }, ["/policy/maxActive out-of-range"]],
  [
    "a lottery without a draw",
    { policy: { mode: "lottery" } },
    ["/policy/admitsAt needed-for-lottery"],
  ],
  [
    "every violation is listed",
    { title: "", dates: [], price: -1, policy: { holdSeconds: 0 } },
    [
      "/title not-a-text",
      "/dates no-dates",
      "/price out-of-range",
      "/policy/holdSeconds out-of-range",
    ],
  ],
];

for (const [title, changes, expected] of cases)
  test(`a concert is refused with a pointer: ${title}`, () => {
    const outcome = buildConcert(input(changes), setting);
    const violations = outcome.kind === "invalid" ? outcome.violations : [];
    assert.deepEqual(
      violations.map(({ pointer, rule }) => `${pointer} ${rule}`),
      expected,
    );
  });

test("a show may begin a millisecond from now", () => {
  const dates = [{ date: "2026-11-22", startsAtMs: nowMs + 1 }];
  assert.equal(built({ dates }).concert.dates.length, 1);
});

test("a concert is published at once, and its queue opens then, unless the input says otherwise", () => {
  const { concert } = built({ description: "Two\nlines", posterUrl: "https://a.test/p.jpg" });
  assert.deepEqual([concert.isDraft, concert.publishedAtMs], [false, nowMs]);
  assert.deepEqual([concert.description, concert.ageRating], ["Two\nlines", null]);
  const draft = built({ publishedAtMs: nowMs + 5 }).concert;
  assert.deepEqual([draft.isDraft, draft.policy.opensAtMs], [true, nowMs + 5]);
  assert.equal(isPublished(draft, nowMs + 4), false);
  assert.equal(isPublished(draft, nowMs + 5), true);
  assert.equal(isPublished(concert, 0), true);
});
