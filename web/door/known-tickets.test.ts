import assert from "node:assert/strict";
import { test } from "node:test";
import { knownTickets } from "./known-tickets.ts";
import type { ListedTicket } from "./rules.ts";

const ticketOf = (seatNumber: number, more: Partial<ListedTicket>): ListedTicket => ({
  ticketId: `0198c4f2-7c1e-7a35-9d1b-${seatNumber.toString(16).padStart(12, "0")}`,
  version: 1,
  status: "VALID",
  section: "Stalls",
  row: "B",
  name: String(seatNumber),
  seatNumber,
  grade: "R",
  holderName: null,
  usedAt: null,
  gate: null,
  ...more,
});

const show = { concertId: "one", date: "2030-05-01" };
const knownOf = (...tickets: ListedTicket[]) =>
  knownTickets({ ...show, tickets, keys: [], listedAt: "2030-05-01T08:00:00Z" }, show, []);

test("tickets are found by the beginnings of words: name, section, row and seat", () => {
  const known = knownOf(
    ticketOf(12, { holderName: "Kim Ha-neul" }),
    ticketOf(13, { holderName: "김하늘", section: "1층", row: "가" }),
    ticketOf(14, { section: null, row: null, name: null }),
    ticketOf(15, { section: "Pit", row: null, name: null }),
  );
  const seats = (text: string) => known.search(text, 10).map(({ seatNumber }) => seatNumber);
  assert.deepEqual(seats("kim"), [12]);
  assert.deepEqual(seats("김하"), [13]);
  assert.deepEqual(seats("1층 가"), [13]);
  assert.deepEqual(seats("stalls b 12"), [12]);
  assert.deepEqual(seats("14"), [14]);
  assert.deepEqual(seats("15"), []);
  assert.deepEqual(seats("pit"), [15]);
  assert.deepEqual(seats("  "), []);
  assert.equal(known.search("1", 1).length, 1);
});

test("void tickets are not expected, and used ones are admitted", () => {
  const known = knownOf(
    ticketOf(1, { status: "VOID" }),
    ticketOf(2, { status: "USED", usedAt: "2030-05-01T09:00:00Z" }),
    ticketOf(3, {}),
  );
  assert.deepEqual([known.admitted(), known.expected()], [1, 2]);
});
