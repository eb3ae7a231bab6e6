import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concert, date, hall, nowMs, reserveWith, stateWith } from "#test/support/batch.ts";
import { times } from "#test/support/concurrency.ts";
import { showKey, type BatchState } from "./batch-state.ts";
import { freeSeats } from "./free-seats.ts";
import { decideBest } from "./decide-reserve.ts";

const wish = { count: 2, grade: null, section: null, together: true };
const command = { ...reserveWith({ seatNumbers: [] }), best: { plan: hall, wish } };

/** A state with these locked seats, in which all seats but these are free. */
const stateIn = (locked: readonly number[], taken: readonly number[]): BatchState => {
  const state = stateWith({ seats: locked });
  const bits = Uint8Array.from(times(50, (index) => Number(!taken.includes(index + 1))));
  const seats = { free: freeSeats(bits), committed: freeSeats(bits.slice()) };
  state.shows.set(showKey(concert, date), seats);
  return state;
};

const chosenIn = (state: BatchState): number[] =>
  state.unlocked.map(({ seatNumber }) => seatNumber);

/** The seats of the first decision, where the nearest are taken. */
const firstChoice = () => {
  const all = stateIn([], []);
  decideBest(all, command, nowMs);
  const state = stateIn([], chosenIn(all));
  assert.equal(decideBest(state, command, nowMs), null);
  const seats = chosenIn(state);
  assert.equal(seats.length, 2);
  return { seats, choices: state.choices };
};

describe("decideBest", () => {
  it("keeps its choice once the seats are locked, though nearer seats became free meanwhile", () => {
    const { seats, choices } = firstChoice();
    const outcome = decideBest({ ...stateIn(seats, []), choices }, command, nowMs);
    assert.ok(outcome?.kind === "reserved");
    assert.deepEqual(outcome.reservation.seatNumbers, seats);
  });

  it("chooses again when another user took one of the seats before the lock", () => {
    const { seats, choices } = firstChoice();
    const state = { ...stateIn(seats, seats.slice(1)), choices };
    assert.equal(decideBest(state, command, nowMs), null);
    assert.equal(chosenIn(state).includes(seats[1] ?? 0), false);
    assert.deepEqual(choices.get(command.reservationId), chosenIn(state));
  });
});
