import { linkAbort } from "../../../sdk/abort.ts";
import type { Failure } from "../../../sdk/client.ts";
import { listDates, readSeatMap } from "../../../sdk/generated/index.ts";
import { pause } from "../../../sdk/wait.ts";
import { api } from "../../shared/api.ts";
import { free, statusesAfter, type SeatStatuses } from "../../shared/hall/seat-statuses.ts";
import { batch } from "../../shared/signals.ts";
import { findHeldReservation, loseSeats, reserve } from "./hold.ts";
import { ofTurn, type SeatStore } from "./seat-state.ts";
import { restoreSelection, selectedIn, setDate } from "./selection.ts";

const seatsMs = 1_500;

/**
 * Takes seats that are not free any more out of the choice, and forgets the notice of lost seats that were freed. A map may
 * be older than a refusal, so a seat counts as freed only if the map before showed it as taken.
 */
const checkChoice = (store: SeatStore, before: SeatStatuses | null, now: SeatStatuses): void => {
  const isTakenIn = (statuses: SeatStatuses | null) => (seatNumber: number) =>
    statuses !== null && statuses.codes[seatNumber - 1] !== free;
  const present = store.notice.peek();
  if (present?.kind === "lost") {
    const [wasTaken, isTaken] = [before, now].map((map) =>
      present.seatNumbers.some(isTakenIn(map)),
    );
    if (wasTaken && !isTaken) store.notice.value = null;
  }
  // During the request a seat may read as held because this fan holds it.
  if (store.isReserving.peek() || store.reservation.peek() !== null) return;
  const taken = selectedIn(store).filter(isTakenIn(now));
  if (taken.length > 0) void loseSeats(store, taken);
};

/** A refused token may mean that the turn is over: reads the status of the place. */
const handleRefusal = (store: SeatStore, { code, status }: Failure): void => {
  if (status === 401 || status === 403) store.place.watch();
  else if (code === "DATE_NOT_FOUND") store.notice.value = { kind: "gone" };
};

/** Reads the seats that have changed on the selected date, or all when none is known. */
const loadSeats = async (store: SeatStore): Promise<void> => {
  const [date, hall] = [store.date.peek(), store.hall.peek()];
  if (date === null || hall === null) return;
  const { layout, statuses } = hall;
  const { concertId } = store.place;
  const since = statuses.peek()?.version;
  const input = { concertId, date, ...(since !== undefined && { since }) };
  const options = { ...ofTurn(store), retry: { triesMax: 1 } };
  const result = await api.call(readSeatMap, input, options);
  if (store.turn.signal.aborted || store.date.peek() !== date) return;
  store.isUnavailable.value = !result.ok;
  if (!result.ok) return handleRefusal(store, result);
  const before = statuses.peek();
  const next = statusesAfter(layout, before, result.value);
  if (next === null) return;
  batch(() => {
    statuses.value = next;
    checkChoice(store, before, next);
  });
};

export const selectDate = (store: SeatStore, date: string): void => {
  if (store.date.peek() === date || store.isReserving.peek()) return;
  setDate(store, date);
  // Before that it is not known how the seats are read.
  if (store.isReady.peek()) void loadSeats(store);
};

const loadDates = async (store: SeatStore): Promise<void> => {
  const { concertId } = store.place;
  const once = { ...ofTurn(store), retry: { triesMax: 1 } };
  const result = await api.call(listDates, { concertId }, once);
  if (store.turn.signal.aborted) return;
  if (!result.ok) {
    if (store.date.peek() === null) store.isUnavailable.value = true;
    return handleRefusal(store, result);
  }
  const { items } = result.value;
  store.dates.value = items;
  const [first] = items;
  if (store.date.peek() === null && first !== undefined) selectDate(store, first.date);
};

/**
 * Keeps dates and seats up to date until the returned function is called or the turn ends. `findHall`
 * comes first, because the seats are read by its plan.
 */
export const pollSeats = (store: SeatStore, findHall: () => Promise<void>): (() => void) => {
  const { signal, abort } = linkAbort([store.turn.signal]);
  const poll = async (): Promise<void> => {
    if (store.pendingHold.read() !== null) await reserve(store);
    await Promise.all([findHeldReservation(store, Infinity), findHall()]);
    store.isReady.value = true;
    for (let rounds = 0; !signal.aborted; rounds += 1) {
      if (!document.hidden && store.reservation.peek() === null) {
        const isDue = rounds % 8 === 0 || store.date.peek() === null;
        await Promise.all([isDue && loadDates(store), loadSeats(store)]);
      }
      await pause(seatsMs * (0.8 + Math.random() * 0.4), signal);
    }
  };
  restoreSelection(store);
  void poll();
  return abort;
};
