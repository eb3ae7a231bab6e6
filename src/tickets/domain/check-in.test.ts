import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf } from "#test/support/batch.ts";
import { judgeScans, type DoorState, type Scan, type ScannedTicket } from "./check-in.ts";

const [concertId, other, ticketId] = [idOf<"concert">(1), idOf<"concert">(2), idOf<"ticket">(3)];
const nowMs = 1_000_000;
const ticket: ScannedTicket = { concertId, date: "2030-05-01", status: "VALID", version: 2 };
const scan: Scan = {
  checkInId: idOf(9),
  concertId,
  date: "2030-05-01",
  ticketId,
  version: 2,
  gate: "North",
  scannedAtMs: null,
  fingerprint: "a",
};

const stateWith = (
  found: ScannedTicket | null,
  known: DoorState["known"] = new Map(),
): DoorState => ({
  tickets: new Map(found === null ? [] : [[ticketId, found]]),
  known,
  cancelled: new Set(),
  nowMs,
});

const resultsOf = (state: DoorState, scans: readonly Scan[]) => {
  const outcome = judgeScans(state, scans);
  assert.equal(outcome.kind, "judged");
  return outcome.kind === "judged" ? outcome.fresh.map(({ result }) => result) : [];
};

for (const [title, found, sent, result] of [
  ["a valid ticket is admitted", ticket, scan, "ADMITTED"],
  ["a ticket that is named by its id is admitted", ticket, { ...scan, version: null }, "ADMITTED"],
  ["a newer version than the database's is admitted", ticket, { ...scan, version: 3 }, "ADMITTED"],
  ["a used ticket is told", { ...ticket, status: "USED" }, scan, "ALREADY_USED"],
  ["a void ticket is refused", { ...ticket, status: "VOID" }, scan, "VOID"],
  ["an old code is refused", ticket, { ...scan, version: 1 }, "VOID"],
  [
    "an old code is refused also after the new holder is in",
    { ...ticket, status: "USED" },
    { ...scan, version: 1 },
    "VOID",
  ],
  ["a ticket of another date is refused", ticket, { ...scan, date: "2030-05-02" }, "WRONG_DATE"],
  ["a ticket of another concert is refused", ticket, { ...scan, concertId: other }, "WRONG_DATE"],
  [
    "the date is told before the state",
    { ...ticket, status: "VOID" },
    { ...scan, date: "2030-05-02" },
    "WRONG_DATE",
  ],
  ["a code of no key is refused", ticket, { ...scan, ticketId: null, version: null }, "INVALID"],
  ["a ticket that does not exist is refused", null, scan, "INVALID"],
] as const)
  test(title, () => assert.deepEqual(resultsOf(stateWith(found), [sent]), [result]));

test("of two scans of a ticket in one list the first is admitted", () => {
  const second = { ...scan, checkInId: idOf<"check-in">(10), fingerprint: "b" };
  assert.deepEqual(resultsOf(stateWith(ticket), [scan, second]), ["ADMITTED", "ALREADY_USED"]);
});

test("a known scan is not judged again, also when the list has it twice", () => {
  const known = new Map([[scan.checkInId, { fingerprint: "a" }]]);
  assert.deepEqual(resultsOf(stateWith(ticket, known), [scan]), []);
  assert.deepEqual(resultsOf(stateWith(ticket), [scan, scan]), ["ADMITTED"]);
});

test("another scan with a known id refuses the whole list", () => {
  const known = new Map([[scan.checkInId, { fingerprint: "other" }]]);
  const first = { ...scan, checkInId: idOf<"check-in">(10) };
  assert.deepEqual(judgeScans(stateWith(ticket, known), [first, scan]), {
    kind: "id-reused",
    index: 1,
  });
  const twice = { ...scan, fingerprint: "b" };
  assert.equal(judgeScans(stateWith(ticket), [scan, twice]).kind, "id-reused");
});

test("a cancelled concert refuses the list of a new scan, and leaves a known one as it was judged", () => {
  const cancelled = new Set([concertId]);
  const state = { ...stateWith(ticket), cancelled };
  assert.deepEqual(judgeScans(state, [{ ...scan, checkInId: idOf(10), concertId: other }, scan]), {
    kind: "concert-cancelled",
    index: 1,
  });
  const known = new Map([[scan.checkInId, { fingerprint: "a" }]]);
  assert.deepEqual(resultsOf({ ...stateWith(ticket, known), cancelled }, [scan]), []);
});

test("a scan keeps the time of its scanner, and one from the future is made now", () => {
  const timeOf = (scannedAtMs: number | null) => {
    const outcome = judgeScans(stateWith(ticket), [{ ...scan, scannedAtMs }]);
    return outcome.kind === "judged" ? outcome.fresh[0]?.scannedAtMs : null;
  };
  assert.deepEqual([timeOf(5), timeOf(null), timeOf(nowMs + 1)], [5, nowMs, nowMs]);
});
