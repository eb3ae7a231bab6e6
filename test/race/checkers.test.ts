import assert from "node:assert/strict";
import { test } from "node:test";
import { race, times } from "#test/support/concurrency.ts";
import {
  disjoint,
  eitherOr,
  exactlyWon,
  freeOnceReleased,
  inOrderOfAnswers,
  oneASeat,
  noneAfter,
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

test("control: a door that looks before it acts admits a ticket more than once", async () => {
  const shop = naiveShop();
  const verdicts = await race(times(60, () => () => shop.scan("t1")));
  complains(exactlyWon(verdicts, 1, ["ALREADY_USED"]), /won instead of 1/);
  content(exactlyWon(["201", "ALREADY_USED"], 1, ["ALREADY_USED"]));
});

test("control: a shop that looks before it acts gives a ticket to two recipients", async () => {
  const shop = naiveShop();
  const verdicts = await race(times(20, () => () => shop.claimTicket("t1")));
  complains(exactlyWon(verdicts, 1, ["409 TRANSFER_CLAIMED"]), /won instead of 1/);
});

test("control: such a shop lets a claim pass its cancelling, and a door its claim", async () => {
  const shop = naiveShop();
  const [claimed = "", cancelled = ""] = await race([
    () => shop.claimTicket("t1"),
    () => shop.cancelTransfer("t1"),
  ]);
  const afterCancel = ["201 & 409 TRANSFER_CLAIMED", "404 TRANSFER_NOT_FOUND & 204"];
  complains(eitherOr([[claimed, cancelled]], afterCancel), /not one of the two: 201 & 204/);
  const [passed = "", admitted = ""] = await race([
    () => shop.claimTicket("t2"),
    () => shop.scan("t2"),
  ]);
  const atDoor = ["201 & VOID", "404 TRANSFER_NOT_FOUND & ADMITTED"];
  complains(eitherOr([[passed, admitted]], atDoor), /not one of the two: 201 & 201/);
});

test("control: a shop that looks before it acts refunds a ticket twice, and one that a door admits", async () => {
  const shop = naiveShop();
  const verdicts = await race(times(20, () => () => shop.refund("t1")));
  complains(exactlyWon(verdicts, 1, ["409 NOT_REFUNDABLE"]), /won instead of 1/);
  const pair = await race([() => shop.refund("t2"), () => shop.scan("t2")]);
  const allowed = ["201 & VOID", "409 NOT_REFUNDABLE & 201"];
  complains(eitherOr([[pair[0] ?? "", pair[1] ?? ""]], allowed), /not one of the two/);
  content(eitherOr([["201", "VOID"]], allowed));
});

test("control: 500 buyers of 50 pieces in a shop that counts before it acts get too many", async () => {
  const shop = naiveShop();
  const verdicts = await race(times(500, () => () => shop.order(50)));
  complains(exactlyWon(verdicts, 50, ["409 OUT_OF_STOCK"]), /won instead of 50/);
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

test("control: a shop that looks whether the concert is cancelled before it acts takes money after the cancelling", async () => {
  const shop = naiveShop();
  shop.balances.set("u", 100);
  const paying = shop.pay("u", 10);
  const cancelledAt = shop.cancel();
  const verdicts = [await paying, await shop.pay("u", 10)];
  assert.deepEqual(verdicts, ["201", "409 CONCERT_CANCELLED"]);
  complains(noneAfter(cancelledAt, shop.effects, verdicts), /1 effects after/);
  content(noneAfter(5, [3, 5], verdicts));
  complains(noneAfter(5, [], ["500 INTERNAL"]), /unexpected/);
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

test("control: three instances that admit by what each knows give a seat to three users", async () => {
  const order = ["a", "b", "c", "d", "e", "f", "g"];
  content(oneASeat(["a", "b"], order, 2));
  complains(oneASeat(["a"], order, 2), /1 admitted for 2/);
  complains(oneASeat(["b", "a"], order, 2), /2 admitted out of order/);
  const shop = naiveShop();
  const users = [...order];
  const admitted = await race(times(3, () => () => shop.admit(users, 2)));
  complains(oneASeat(admitted.flat(), order, 2), /6 admitted for 2/);
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

test("control: a refusal after the answer to a release is found, unless another request may have the seat", () => {
  const releases = [{ sentMs: 10, answeredMs: 20 }];
  const late = { sentMs: 21, answeredMs: 25 };
  const taken = (sentMs: number, answeredMs: number) => ({ sentMs, answeredMs });
  complains(freeOnceReleased({ releases, takes: [], refusals: [late] }), /free for 1.0 ms/);
  complains(freeOnceReleased({ releases, takes: [taken(2, 9)], refusals: [late] }), /though free/);
  complains(
    freeOnceReleased({ releases, takes: [taken(26, 30)], refusals: [late] }),
    /though free/,
  );
  content(freeOnceReleased({ releases, takes: [taken(22, 30)], refusals: [late] }));
  content(freeOnceReleased({ releases, takes: [taken(11, 19)], refusals: [late] }));
  content(freeOnceReleased({ releases, takes: [], refusals: [{ sentMs: 19, answeredMs: 25 }] }));
});
