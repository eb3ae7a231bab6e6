import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  simulatedSale,
  type Kind,
  type SaleSetup,
  type SimulatedUser,
} from "#test/support/simulated-sale.ts";
import { estimateWait, seatsLikely, type SeatsLikely, type WaitEstimate } from "./estimate.ts";
import { forecastAdmission } from "./forecast.ts";

// Sales of many kinds, in which waiting users are told a wait and then wait. Every run has the same sales.
// FORECAST_SALES=100 runs more of each kind: `FORECAST_SALES=100 npm test -- src/queue/admission/domain/forecast-calibration.test.ts`.
const salesOfEachKind = Number(process.env["FORECAST_SALES"] ?? 3);

const leaver: Kind = { weight: 1, shops: [10, 15], buys: 0, pays: null };
const buyer: Kind = { weight: 6, shops: [15, 60], buys: 0.8, pays: [15, 40] };
const slow: Kind = { weight: 2, shops: [60, 200], buys: 0.8, pays: [60, 200] };
/** Pays at the end of the hold. */
const last: Kind = { weight: 1, shops: [20, 30], buys: 1, pays: [280, 100] };
const hoarder: Kind = { weight: 0.5, shops: [2, 5], buys: 1, pays: null, hoards: true };
const quick: Kind = { weight: 1, shops: [10, 15], buys: 0.8, pays: [5, 10] };
const mixed = [leaver, buyer, slow, last, hoarder];

const setups: readonly SaleSetup[] = [
  {
    name: "the initial policy",
    users: 2_000,
    seats: 3_000,
    kinds: mixed,
    leaving: 1e-4,
    absent: 0.05,
  },
  {
    name: "a low rate",
    ...{ users: 2_000, seats: 9_000, kinds: mixed, absent: 0.1 },
    policy: { admissionsPerMinute: 60, maxActive: 500 },
  },
  {
    name: "five at once",
    ...{ users: 150, seats: 500, kinds: mixed, absent: 0.05, unclaimed: 0.05 },
    policy: { maxActive: 5 },
  },
  { name: "one at once", users: 25, seats: 150, kinds: mixed, policy: { maxActive: 1 } },
  {
    name: "users who leave at once or take the whole hold",
    ...{ users: 1_000, seats: 4_000, kinds: [leaver, last], policy: { maxActive: 100 } },
  },
  {
    name: "quick users only",
    ...{ users: 3_000, seats: 8_000, kinds: [quick], leaving: 5e-4, policy: { maxActive: 50 } },
  },
  { name: "one date of 50 seats", users: 500, seats: 50, kinds: mixed, absent: 0.05 },
  {
    name: "seats for a fifth of the users",
    ...{ users: 2_000, seats: 500, kinds: mixed, leaving: 2e-4, policy: { maxActive: 100 } },
  },
  {
    name: "a quarter hoarders",
    ...{ users: 800, seats: 1_500, kinds: [buyer, { ...hoarder, weight: 2 }] },
    policy: { maxActive: 100 },
  },
  {
    name: "users who take twice as long at the end",
    ...{ users: 1_000, seats: 1_500, kinds: [buyer, slow], slowing: 1, policy: { maxActive: 60 } },
  },
  {
    name: "users who come later",
    ...{ users: 300, joining: 0.5, seats: 2_500, kinds: mixed, absent: 0.1, leaving: 5e-4 },
    policy: { maxActive: 80 },
  },
  {
    name: "many users who leave or are absent",
    ...{ users: 3_000, seats: 2_000, kinds: mixed, leaving: 1e-3, absent: 0.2 },
    policy: { maxActive: 100 },
  },
  {
    name: "long sessions and short holds",
    ...{ users: 1_000, seats: 3_000, kinds: mixed, absent: 0.05 },
    policy: { maxActive: 150, sessionSeconds: 1_800, holdSeconds: 120 },
  },
  {
    name: "long sessions that are used",
    ...{ users: 600, seats: 3_000, kinds: [leaver, { ...slow, shops: [200, 500] }] },
    policy: { maxActive: 150, sessionSeconds: 1_800 },
  },
];

/** A waiting user with the answer that the user got, and the outcome. */
interface Case {
  readonly setup: SaleSetup;
  readonly atSecond: number;
  readonly position: number;
  readonly user: SimulatedUser;
  readonly estimate: WaitEstimate | null;
  readonly seats: SeatsLikely;
  /** The wait by the speed of the last minute alone, as a control. */
  readonly bySpeed: number;
  tenth: number;
}

const askedAtOnce = 10;
const askedAtFront = 3;
const front = 10;

/** Asks more often at the beginning, where an estimate changes most. */
const isAsked = (second: number): boolean =>
  second % (second < 60 ? 4 : second < 600 ? 15 : 60) === 0;

const casesOf = (setup: SaleSetup, seed: number): Case[] => {
  const { sale, next, random, input } = simulatedSale(setup, seed);
  const cases: Case[] = [];
  const admitted: number[] = [];
  while (next()) {
    const { atSecond, queue } = sale;
    admitted.push(sale.admittedTotal);
    if (!isAsked(atSecond) || queue.length === 0 || sale.seats.available === 0) continue;
    const forecast = forecastAdmission(input());
    const minute = Math.min(60, Math.max(1, atSecond - (sale.firstAdmittedAt ?? atSecond)));
    const lastMinute = sale.admittedTotal - (admitted[atSecond - 60] ?? 0);
    for (let n = 0; n < askedAtOnce; n += 1) {
      const among = n < askedAtFront ? Math.min(front, queue.length) : queue.length;
      const position = 1 + Math.floor(random() * among);
      const user = queue[position - 1];
      assert.ok(user);
      const estimate = estimateWait(forecast, position);
      const seats = seatsLikely(forecast, position);
      const bySpeed = (position * minute) / Math.max(1, lastMinute);
      cases.push({ setup, atSecond, position, user, estimate, seats, bySpeed, tenth: 0 });
    }
  }
  for (const one of cases) {
    one.tenth = Math.min(9, Math.floor((10 * one.atSecond) / sale.lastAdmittedAt));
  }
  // A user who left or was absent would have had a turn at a time that the sale does not tell.
  return cases.filter(({ user }) => !user.hasLeft && (user.admittedAt !== null || !user.isAbsent));
};

/** The wait of the user, in seconds; Infinity without a turn. */
const waitOf = ({ user, atSecond }: Case): number => (user.admittedAt ?? Infinity) - atSecond;

const percentOf = (cases: readonly Case[], isRight: (one: Case) => boolean): number =>
  (100 * cases.filter(isRight).length) / Math.max(1, cases.length);

const estimateOf = (one: Case): WaitEstimate => one.estimate ?? assert.fail("a wait was told");
const within90 = (one: Case): boolean => waitOf(one) <= estimateOf(one).p90Seconds;
const within50 = (one: Case): boolean => waitOf(one) <= estimateOf(one).p50Seconds;

const assertBetween = (percent: number, least: number, most: number, of: string): void =>
  assert.ok(percent >= least && percent <= most, `${percent.toFixed(1)} % of ${of}`);

const tenths = Array.from({ length: 10 }, (_, tenth) => tenth);

let cases: readonly Case[] = [];
/** The users who got an estimate. A user without a turn counts as a wrong one. */
let waits: readonly Case[] = [];

before(() => {
  const seeds = Array.from({ length: salesOfEachKind }, (_, n) => 7_919 * (n + 1));
  cases = setups.flatMap((setup) => seeds.flatMap((seed) => casesOf(setup, seed)));
  waits = cases.filter(({ estimate }) => estimate !== null);
});

test("in each tenth of a sale, at least 85 of 100 users wait no longer than p90", (t) => {
  for (const tenth of tenths) {
    const these = waits.filter((one) => one.tenth === tenth);
    assert.ok(these.length > 300, `${these.length} cases`);
    const percent = percentOf(these, within90);
    t.diagnostic(`tenth ${tenth + 1}: p90 ${percent.toFixed(1)} % of ${these.length}`);
    assertBetween(percent, 85, 99.9, `tenth ${tenth + 1}`);
  }
});

test("in a sale's first minute, at least 85 of 100 users wait no longer than p90", () => {
  const early = waits.filter(({ atSecond }) => atSecond < 60);
  assertBetween(percentOf(early, within90), 85, 99.9, "the first minute");
});

test("among the first ten in the queue, at least 85 of 100 users wait no longer than p90", () => {
  const first = waits.filter(({ position }) => position <= front);
  assertBetween(percentOf(first, within90), 85, 99.9, "the front");
});

test("in each kind of sale, at least 80 of 100 users wait no longer than p90", (t) => {
  for (const setup of setups) {
    const these = waits.filter((one) => one.setup === setup);
    const [p50, p90] = [percentOf(these, within50), percentOf(these, within90)];
    t.diagnostic(
      `${setup.name}: p50 ${p50.toFixed(1)} %, p90 ${p90.toFixed(1)} % of ${these.length}`,
    );
    assertBetween(p90, 80, 100, setup.name);
  }
});

test("between 40 and 60 of 100 users wait no longer than p50", (t) => {
  const percent = percentOf(waits, within50);
  t.diagnostic(`p50 ${percent.toFixed(1)} % of ${waits.length}`);
  assertBetween(percent, 40, 60, "all");
});

test("p90 is seldom more than three times p50, and after the first tenth seldom more than twice", () => {
  const ratioOf = (these: readonly Case[]): number => {
    const ratios = these.map((one) => estimateOf(one).p90Seconds / estimateOf(one).p50Seconds);
    return ratios.toSorted((a, b) => a - b)[ratios.length >> 1] ?? 0;
  };
  const far = waits.filter(({ position }) => position > front);
  const early = ratioOf(far.filter(({ tenth }) => tenth === 0));
  const later = ratioOf(far.filter(({ tenth }) => tenth > 0));
  assert.ok(early < 3, `${early} in the first tenth`);
  assert.ok(later < 2, `${later} later`);
});

test("of 100 users who are told that a seat is likely at least 90 get a turn; unlikely, at most 25", (t) => {
  const hasTurn = ({ user }: Case): boolean => user.admittedAt !== null;
  const likely = percentOf(
    cases.filter(({ seats }) => seats === "likely"),
    hasTurn,
  );
  const unlikely = percentOf(
    cases.filter(({ seats }) => seats === "unlikely"),
    hasTurn,
  );
  t.diagnostic(`likely ${likely.toFixed(1)} %, unlikely ${unlikely.toFixed(1)} %`);
  assertBetween(likely, 90, 100, "likely");
  assertBetween(unlikely, 0, 25, "unlikely");
});

test("control: the speed of the last minute alone tells too short a wait in the first minute", () => {
  const early = waits.filter(({ atSecond }) => atSecond < 60);
  assert.ok(percentOf(early, (one) => waitOf(one) <= 1.5 * one.bySpeed) < 50);
});
