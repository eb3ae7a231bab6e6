import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf } from "#test/support/batch.ts";
import {
  decideCancel,
  decideClaim,
  decideOffer,
  isPending,
  transferableUntil,
  type Transfer,
  type TransferableTicket,
} from "./transfer.ts";

const [holder, earlier, other] = [idOf<"user">(1), idOf<"user">(2), idOf<"user">(3)];
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nowMs = 1_800_000_000_000;

const ticket: TransferableTicket = {
  holderId: holder,
  status: "VALID",
  version: 2,
  startsAtMs: nowMs + 3 * dayMs,
  rule: { until: 24, perTicket: 2 },
  isOfCancelledConcert: false,
  formerHolderIds: [earlier],
};
const transfer: Transfer = {
  transferId: idOf(9),
  fromUserId: holder,
  ticketVersion: 2,
  expiresAtMs: nowMs + dayMs,
  isCancelled: false,
  toUserId: null,
};

for (const [title, found, userId, expected] of [
  ["a ticket that does not exist", null, holder, "ticket-not-found"],
  ["a ticket that the caller has never held", ticket, other, "ticket-not-found"],
  ["a ticket that the caller has passed on", ticket, earlier, "void"],
  [
    "a cancelled concert, and no rule",
    { ...ticket, isOfCancelledConcert: true, rule: null },
    holder,
    "concert-cancelled",
  ],
  ["no rule", { ...ticket, rule: null }, holder, "policy"],
  ["no rule, and a used ticket", { ...ticket, rule: null, status: "USED" }, holder, "policy"],
  ["a refunded ticket", { ...ticket, status: "VOID" }, holder, "void"],
  ["a used ticket", { ...ticket, status: "USED" }, holder, "used"],
  ["the last hour before the show", { ...ticket, startsAtMs: nowMs + dayMs }, holder, "time"],
  ["a ticket passed on often", { ...ticket, formerHolderIds: [other, earlier] }, holder, "limit"],
] as const)
  test(`an offer is refused: ${title}`, () => {
    const decision = decideOffer(found, userId, nowMs);
    assert.equal(decision.kind === "not-transferable" ? decision.reason : decision.kind, expected);
  });

test("an offer can be claimed until the rule's hours before the show, and for a week at most", () => {
  const at = (startsAtMs: number) => decideOffer({ ...ticket, startsAtMs }, holder, nowMs);
  assert.deepEqual(at(nowMs + dayMs + 1), { kind: "offered", expiresAtMs: nowMs + 1 });
  assert.deepEqual(at(nowMs + 90 * dayMs), { kind: "offered", expiresAtMs: nowMs + 7 * dayMs });
});

test("the holder is told until when a ticket can be passed on, and null when it cannot", () => {
  assert.equal(transferableUntil(ticket, nowMs), nowMs + 2 * dayMs);
  for (const changes of [
    { rule: null },
    { status: "USED" },
    { startsAtMs: nowMs + dayMs },
  ] as const)
    assert.equal(transferableUntil({ ...ticket, ...changes }, nowMs), null);
});

for (const [title, state, expected] of [
  ["as it was offered", {}, true],
  ["cancelled", { isCancelled: true }, false],
  ["claimed", { toUserId: other }, false],
  ["at its end", { expiresAtMs: nowMs }, false],
  ["of a ticket that was refunded or passed on since", { ticketVersion: 1 }, false],
] as const)
  test(`a transfer is ${expected ? "" : "not "}pending: ${title}`, () =>
    assert.equal(isPending({ ...transfer, ...state }, ticket, nowMs), expected));

test("a transfer of a used or void ticket is not pending", () => {
  for (const status of ["USED", "VOID"] as const)
    assert.equal(isPending(transfer, { ...ticket, status }, nowMs), false);
});

for (const [title, changes, found, userId, expected] of [
  ["an unknown code", {}, null, other, "transfer-not-found"],
  ["an offered ticket", {}, transfer, other, "claimed"],
  ["again by the same user", {}, { ...transfer, toUserId: other }, other, "claimed-before"],
  [
    "again by the same user, who has passed it on since",
    { version: 9, formerHolderIds: [other] },
    { ...transfer, toUserId: other },
    other,
    "claimed-before",
  ],
  ["by a second user", {}, { ...transfer, toUserId: earlier }, other, "claimed-by-another"],
  ["a cancelled transfer", {}, { ...transfer, isCancelled: true }, other, "transfer-not-found"],
  [
    "a refunded ticket of a cancelled concert",
    { status: "VOID", isOfCancelledConcert: true },
    transfer,
    other,
    "concert-cancelled",
  ],
  [
    "of a cancelled concert, again by the same user",
    { isOfCancelledConcert: true },
    { ...transfer, toUserId: other },
    other,
    "claimed-before",
  ],
  ["a used ticket", { status: "USED" }, transfer, other, "transfer-not-found"],
  ["a refunded ticket", { status: "VOID", version: 3 }, transfer, other, "transfer-not-found"],
  ["an expired transfer", {}, { ...transfer, expiresAtMs: nowMs }, other, "transfer-not-found"],
  ["by the holder", {}, transfer, holder, "own"],
  ["by a former holder", {}, transfer, earlier, "claimed"],
  ["transfers that the operator has ended", { rule: null }, transfer, other, "policy"],
  ["a show that is near now", { startsAtMs: nowMs + dayMs }, transfer, other, "time"],
  ["a lower limit", { rule: { until: 24, perTicket: 1 } }, transfer, other, "limit"],
] as const)
  test(`a claim: ${title}: ${expected}`, () => {
    const decision = decideClaim({ ...ticket, ...changes }, found, userId, nowMs);
    assert.equal(decision.kind === "not-transferable" ? decision.reason : decision.kind, expected);
  });

for (const [title, found, userId, expected] of [
  ["an unknown one", null, holder, "transfer-not-found"],
  ["another user's", transfer, other, "transfer-not-found"],
  ["a claimed one", { ...transfer, toUserId: other }, holder, "transfer-claimed"],
  ["a pending one", transfer, holder, "cancelled"],
  ["one that was cancelled before", { ...transfer, isCancelled: true }, holder, "cancelled"],
] as const)
  test(`cancelling a transfer: ${title}: ${expected}`, () =>
    assert.equal(decideCancel(found, userId), expected));
