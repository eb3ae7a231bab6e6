import assert from "node:assert/strict";
import { test } from "node:test";
import { race, times } from "#test/support/concurrency.ts";
import {
  disjoint,
  eitherOr,
  exactlyWon,
  inOrderOfAnswers,
  oneIntent,
  oneOwner,
  withinCap,
  withinRate,
  type Deadline,
} from "./checkers.ts";
import { naiveShop } from "./naive.ts";

// Controls: without the rule, the same gate and the same judge find the fault.

const complains = (faults: readonly string[], about: RegExp): void => {
  assert.ok(
    faults.some((it) => about.test(it)),
    `no complaint about ${about}: ${faults.join("; ")}`,
  );
};
const content = (faults: readonly string[]): void => {
  assert.deepEqual(faults, []);
};

test("control: one seat and 500 users in a shop that looks before it acts sells it more than once", async () => {
  const shop = naiveShop();
  const verdicts = await race(times(500, (index) => () => shop.reserve(`u${index}`, [7])));
  complains(exactlyWon(verdicts, 1, ["409 SEAT_UNAVAILABLE"]), /won instead of 1/);
  content(exactlyWon(["201", "409 SEAT_UNAVAILABLE"], 1, ["409 SEAT_UNAVAILABLE"]));
  complains(exactlyWon(["201", "500 INTERNAL"], 1, ["409 SEAT_UNAVAILABLE"]), /unexpected/);
  complains(exactlyWon(["409 SEAT_UNAVAILABLE"], 1, ["409 SEAT_UNAVAILABLE"]), /0 won/);
});

test("control: overlapping sets in such a shop give a seat to two", async () => {
  const shop = naiveShop();
  const sets = [
    [1, 2, 3],
    [3, 2, 1],
    [3, 4],
    [4, 3],
  ];
  const verdicts = await race(sets.map((seats, index) => () => shop.reserve(`u${index}`, seats)));
  complains(
    disjoint(sets.map((seatNumbers, index) => ({ seatNumbers, verdict: verdicts[index] ?? "" }))),
    /given twice/,
  );
  content(
    disjoint([
      { verdict: "201", seatNumbers: [1, 2] },
      { verdict: "409", seatNumbers: [2] },
    ]),
  );
});

test("control: one key twenty times in such a shop has more than one effect", async () => {
  const shop = naiveShop();
  complains(
    oneIntent(await race(times(20, () => () => shop.charge("key", 5)))),
    /different successes/,
  );
  content(
    oneIntent([
      { verdict: "201", text: "a" },
      { verdict: "201", text: "a" },
      { verdict: "409 IDEMPOTENCY_IN_PROGRESS", text: "" },
    ]),
  );
  complains(oneIntent([{ verdict: "409 SEAT_UNAVAILABLE", text: "" }]), /nobody|unexpected/);
});

test("control: two payments and money for one in such a shop both succeed", async () => {
  const shop = naiveShop();
  shop.balances.set("u", 100);
  const verdicts = await race(times(2, () => () => shop.pay("u", 100)));
  complains(exactlyWon(verdicts, 1, ["402 INSUFFICIENT_BALANCE"]), /2 won/);
});

test("control: places that are counted outside one step are given twice", async () => {
  const shop = naiveShop();
  const places = await race(times(10, () => () => shop.join()));
  complains(
    inOrderOfAnswers(places.map((it) => ({ ...it, sentMs: 0, answeredMs: 1 }))),
    /given twice/,
  );
});

test("control: a place behind one that was asked for later is found", () => {
  const early = { sentMs: 0, answeredMs: 10, epoch: 1, seq: 2 };
  const late = { sentMs: 11, answeredMs: 20, epoch: 1, seq: 1 };
  complains(inOrderOfAnswers([early, late]), /was asked for after/);
  content(inOrderOfAnswers([early, { ...late, seq: 3 }]));
  content(inOrderOfAnswers([early, { ...late, epoch: 2 }]));
  content(inOrderOfAnswers([{ ...early, answeredMs: 15 }, late]));
});

test("control: three instances with a rate each, and a flood after a pause, are found", () => {
  const steady = times(60, (index) => index * 100);
  content(withinRate(steady, 10, 10));
  complains(
    withinRate(
      steady.flatMap((it) => [it, it + 1, it + 2]),
      10,
      10,
    ),
    /admitted in/,
  );
  complains(withinRate([0, ...times(15, () => 5000)], 10, 10), /admitted in 0 ms/);
});

test("control: a slot that is given while its owner is inside is found", () => {
  const one = { fromMs: 0, toMs: 10 };
  content(withinCap([one, { fromMs: 10, toMs: 20 }], 1));
  complains(withinCap([one, { fromMs: 9, toMs: 20 }], 1), /2 people inside/);
});

test("control: both owning a seat, paying late, expiring early and stealing early are found", () => {
  const good: Deadline = {
    expiresAtMs: 100,
    paid: { verdict: "201", sentAtMs: 90, answeredAtMs: 105 },
    rival: { verdict: "409 SEAT_UNAVAILABLE", sentAtMs: 100, answeredAtMs: 110 },
  };
  const expired = "410 RESERVATION_EXPIRED";
  content(oneOwner([good]));
  complains(oneOwner([{ ...good, rival: { ...good.rival, verdict: "201" } }]), /both own/);
  complains(oneOwner([{ ...good, paid: { ...good.paid, sentAtMs: 101 } }]), /after the deadline/);
  const early = { verdict: expired, sentAtMs: 90, answeredAtMs: 95 };
  complains(oneOwner([{ ...good, paid: early }]), /expired before/);
  const thief = { verdict: "201", sentAtMs: 80, answeredAtMs: 85 };
  complains(
    oneOwner([{ ...good, paid: { ...good.paid, verdict: expired }, rival: thief }]),
    /stolen before/,
  );
  complains(
    oneOwner([{ ...good, paid: { ...good.paid, verdict: "503 UNAVAILABLE" } }]),
    /payment: 503/,
  );
});

test("control: paid and cancelled at once, or neither, is found", () => {
  const allowed = ["201 & 409 RESERVATION_NOT_CANCELLABLE", "409 RESERVATION_NOT_PAYABLE & 204"];
  content(
    eitherOr(
      [
        ["201", "409 RESERVATION_NOT_CANCELLABLE"],
        ["409 RESERVATION_NOT_PAYABLE", "204"],
      ],
      allowed,
    ),
  );
  complains(eitherOr([["201", "204"]], allowed), /not one of the two/);
});
