import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeByList, type Evidence, type ListedTicket } from "./rules.ts";

/** The id of a ticket that was sold at a moment. */
const idAt = (ms: number): string => {
  const time = ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7a35-9d1b-5f0c2e8a4b17`;
};

const listedAtMs = Date.parse("2030-05-01T08:00:00Z");
const ticketId = idAt(listedAtMs - 86_400_000);
const listed: ListedTicket = {
  ticketId,
  version: 2,
  status: "VALID",
  section: "Stalls",
  row: "A",
  name: "1",
  seatNumber: 1,
  grade: "R",
  holderName: "Kim",
  usedAt: null,
  gate: null,
};
const used = { ...listed, status: "USED", usedAt: "2030-05-01T09:00:00Z", gate: "East" } as const;
const here = { usedAt: "2030-05-01T09:30:00Z", gate: "North" };
const stated = { ticketId, date: "2030-05-01", version: 2 };
const evidence: Evidence = { stated, date: "2030-05-01", listed, listedAtMs, admitted: null };

for (const [title, change, result] of [
  ["a valid code at the list's version is admitted", {}, "ADMITTED"],
  [
    "a code with a higher version than the list's is admitted: it changed hands since",
    { stated: { ...stated, version: 3 } },
    "ADMITTED",
  ],
  [
    "a ticket that is named by its id is admitted",
    { stated: { ...stated, version: null } },
    "ADMITTED",
  ],
  ["a code that no key has signed is refused", { stated: null, listed: null }, "INVALID"],
  ["a code of another date is refused", { date: "2030-05-02", listed: null }, "WRONG_DATE"],
  ["a code of an older version is void", { stated: { ...stated, version: 1 } }, "VOID"],
  ["a refunded ticket is void", { listed: { ...listed, status: "VOID" } }, "VOID"],
  ["a ticket that the list has as used is told", { listed: used }, "ALREADY_USED"],
  ["a ticket that was admitted here is told", { admitted: here }, "ALREADY_USED"],
  [
    "an old code is void also after the new holder is in",
    { listed: used, stated: { ...stated, version: 1 } },
    "VOID",
  ],
  [
    "a ticket that was sold before the list and is not in it is of another concert",
    { listed: null },
    "WRONG_DATE",
  ],
  [
    "a ticket that was sold after the list was read is admitted",
    { listed: null, stated: { ...stated, ticketId: idAt(listedAtMs + 1), version: 1 } },
    "ADMITTED",
  ],
  [
    "a ticket that was sold just before the list, and committed after, is admitted",
    { listed: null, stated: { ...stated, ticketId: idAt(listedAtMs - 20_000), version: 1 } },
    "ADMITTED",
  ],
] as const satisfies readonly (readonly [string, Partial<Evidence>, string])[])
  test(title, () => assert.equal(judgeByList({ ...evidence, ...change }).result, result));

test("the answer ALREADY_USED has the first admission, of this scanner before that of the list", () => {
  assert.deepEqual(judgeByList({ ...evidence, listed: used }).admission, {
    usedAt: used.usedAt,
    gate: "East",
  });
  assert.deepEqual(judgeByList({ ...evidence, listed: used, admitted: here }).admission, here);
});
