import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newId } from "#test/support/box-office.ts";
import { times } from "#test/support/concurrency.ts";
import { emptyState, showKey } from "../../domain/batch-state.ts";
import { seatKey, type Seat } from "../../domain/seat.ts";
import { wholeMap } from "../../domain/seat-map.ts";
import { freeBits, knownShow, knownShows, withChanges, withOwnChanges } from "./known-shows.ts";
import { rememberOwn } from "./lock-shows.ts";

const [concertId, date] = [newId<"concert">(), "2027-12-24"];
const holdEndsMs = 5_000;

/** Seats 1 to 5: AVAILABLE, HELD, SOLD, BLOCKED and AVAILABLE, as of version 10. */
const read = knownShow(
  wholeMap({
    date,
    startsAtMs: 0,
    statuses: "AHSBA",
    ends: new Map([[2, holdEndsMs]]),
    version: 10,
  }),
);

const row = { date, starts_at: 0, floor: 0, now: 0 };

const seat = (seatNumber: number, part: Partial<Seat>): Seat => ({
  concertId,
  date,
  seatNumber,
  grade: "R",
  status: "AVAILABLE",
  reservationId: null,
  expiresAtMs: null,
  fence: 1,
  ...part,
});

const held = (seatNumber: number): Seat =>
  seat(seatNumber, { status: "HELD", expiresAtMs: holdEndsMs });

describe("the seats of a show that an office knows", () => {
  it("are free when AVAILABLE, and when HELD from the end of the hold on", () => {
    assert.deepEqual([...freeBits(read, holdEndsMs - 1)], [1, 0, 0, 0, 1]);
    assert.deepEqual([...freeBits(read, holdEndsMs)], [1, 1, 0, 0, 1]);
  });

  it("follow what a later read has found, and what the office has saved", () => {
    const changes = [[1, "S", null, 11] as const, [3, "A", null, 12] as const];
    const later = withChanges(read, { ...row, version: 13, changes });
    const own = withOwnChanges(later, [held(3), seat(2, {})], 14);
    assert.deepEqual([...freeBits(own, 0)], [0, 1, 0, 0, 1]);
    assert.deepEqual([...freeBits(read, 0)], [1, 0, 0, 0, 1], "the read before is as it was");
  });

  it("name the office's transactions that a read would find again, at most the last 100", () => {
    const own = withOwnChanges(withOwnChanges(read, [], 12), [], 15);
    assert.deepEqual(own.own, [12, 15]);
    assert.deepEqual(withChanges(own, { ...row, version: 13, changes: null }).own, [15]);
    const many = times(150, (n) => n + 11).reduce(
      (last, xid) => withOwnChanges(last, [], xid),
      read,
    );
    assert.deepEqual(
      many.own,
      times(100, (n) => n + 61),
    );
  });

  it("are not changed by a commit that is told after another batch has read them", () => {
    const key = showKey(concertId, date);
    const state = emptyState(() => newId());
    state.seats.set(seatKey(concertId, date, 1), held(1));
    state.changes.seats.add(seatKey(concertId, date, 1));
    const rows = [{ concertId, date, known: read, bits: freeBits(read, 0) }];
    const known = knownShows();
    known.set(key, read);
    rememberOwn(known, rows, 12, state);
    assert.deepEqual([...freeBits(known.get(key) ?? assert.fail(), 0)], [0, 0, 0, 0, 1]);
    const newer = withChanges(read, { ...row, version: 20, changes: null });
    known.set(key, newer);
    rememberOwn(known, rows, 12, state);
    assert.equal(known.get(key), newer);
  });
});
