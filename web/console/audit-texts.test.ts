import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildPlan } from "../../src/catalogue/domain/seating-plan.ts";
import { language } from "../shared/language.ts";
import { actionText } from "./action-texts.ts";
import { changesOf } from "./audit-texts.ts";

Object.assign(globalThis, { document: { documentElement: { dataset: {} } } });

const grades = [{ name: "R", price: 1 }];
const plan = {
  grades,
  ...buildPlan({
    grades,
    sections: [
      { name: "Stalls", kind: "SEATED", grade: "R", rows: [{ name: "A", seats: [11, 60] }] },
      { name: "Pit", kind: "STANDING", grade: "R", capacity: 30 },
    ],
  }),
};
const format = { currency: "KRW", moment: String, plan };
const textsOf = (before: object, after: object) =>
  changesOf({ ...before }, { ...after }, format).map(({ name, before: old, after: now }) => [
    name,
    old,
    now,
  ]);

test("blocked seats are named, and the date is told though it does not change", () => {
  const date = "2026-12-24";
  const after = { date, status: "BLOCKED", seats: "1-2, 50, 51", reason: "Camera" };
  assert.deepEqual(textsOf({ date, status: "AVAILABLE" }, after), [
    ["Date", null, "Thu 24 Dec"],
    ["Status", "Free", "Blocked"],
    ["Seats", null, "Stalls, row A, seats 11, 12, 60 · Pit, standing"],
    ["Reason (kept in the audit trail)", null, "Camera"],
  ]);
});

test("rules for refunds are told in words, also when there were none", () => {
  const refunds = { until: 24, fees: [{ daysBefore: 9, percent: 10 }] };
  assert.deepEqual(textsOf({ refunds: null }, { refunds }), [
    ["Refunds by buyers", "–", "until 24 h before the show; fees by days left: ≤ 9: 10 %"],
  ]);
});

test("many seats are counted by section, and the seats of a released hold are named", () => {
  assert.deepEqual(textsOf({}, { seats: "1-55" }), [
    ["Seats", null, "Stalls: 50 seats · Pit: 5 seats"],
  ]);
  assert.deepEqual(textsOf({ seatNumbers: [2, 1] }, {}), [
    ["Seats", "Stalls, row A, seats 11, 12", null],
  ]);
});

test("the rule for passing tickets on, and a ticket that was passed on, are told in words", () => {
  assert.deepEqual(textsOf({ transfers: null }, { transfers: { until: 24, perTicket: 1 } }), [
    ["Passing tickets on", "–", "until 24 h before, at most 1× a ticket"],
  ]);
  assert.deepEqual(textsOf({ userId: "a" }, { userId: "b", ticketId: "k", seats: [2] }), [
    ["User", "a", "b"],
    ["ticketId", null, "k"],
    ["Seats", null, "Stalls, row A, seat 12"],
  ]);
});

test("the rule for single seats is told in words", () => {
  assert.deepEqual(
    textsOf({ policy: { singleSeats: "allowed" } }, { policy: { singleSeats: "refused" } }),
    [
      [
        "Single seats in a row",
        "A choice may leave a single free seat",
        "A choice that leaves a single free seat is refused where it can be avoided",
      ],
    ],
  );
});

/** The actions that the sources name: `action: "…"`, the members of a type, and those inside of SQL. */
const actionsOfServer = (): string[] => {
  const cwd = join(import.meta.dirname, "../../src");
  const sources = globSync("**/*.ts", { cwd }).filter((file) => !file.endsWith(".test.ts"));
  const name =
    /["']((?:balance|concert|date|export|order|policy|product|queue|reservation|seats|tickets?)\.[a-z_]+|renew-recovery-code)["']/g;
  const found = sources.flatMap((file) =>
    [...readFileSync(join(cwd, file), "utf8").matchAll(name)].map(([, action]) => String(action)),
  );
  return [...new Set(found)];
};

test("every action that the server writes has a text in both languages", () => {
  const actions = actionsOfServer();
  for (const known of ["product.created", "product.corrected", "order.refunded"])
    assert.ok(actions.includes(known), `${known} was not found`);
  for (const chosen of ["en", "ko"] as const) {
    language.value = chosen;
    assert.deepEqual(
      actions.filter((action) => actionText(action) === action),
      [],
      chosen,
    );
  }
  language.value = "en";
});

test("a new product and a refunded order are told in words, with amounts as money", () => {
  const facts = { productId: "p", concertId: null, name: "Cap", description: null, price: 1_500 };
  const rest = { currency: "KRW", stock: 10, perUser: 2, requiresTurn: true };
  assert.deepEqual(textsOf({}, { ...facts, ...rest }), [
    ["Product id", null, "p"],
    ["Sale", null, "–"],
    ["Name", null, "Cap"],
    ["Description", null, "–"],
    ["Price", null, "₩1,500"],
    ["Currency", null, "KRW"],
    ["Stock", null, "10"],
    ["Limit a person", null, "2"],
    ["Only during the fan’s turn in the queue", null, "yes"],
  ]);
  const after = { orderId: "o", status: "REFUNDED", amount: 3_000, payable: false, reason: "Torn" };
  assert.deepEqual(textsOf({ orderId: "o", userId: "u", status: "PAID" }, after), [
    ["User", "u", null],
    ["Status", "Paid", "Refunded"],
    ["Amount", null, "₩3,000"],
    ["To pay out by hand", null, "no"],
    ["Reason (kept in the audit trail)", null, "Torn"],
  ]);
});
