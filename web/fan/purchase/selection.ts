import { batch } from "../../shared/signals.ts";
import { tabStorage } from "../../shared/storage.ts";
import { aboveKinds, type Notice, type SeatStore } from "./seat-state.ts";

/** The chosen seats of the selected date. */
export const selectedIn = ({ choices, date }: SeatStore): readonly number[] =>
  choices.value[date.value ?? ""] ?? [];

/** How many seats the user may choose now: for one reservation, and beside those that the user has. */
export const seatsMaxIn = ({ place, owned }: SeatStore): number => {
  const { maxSeatsPerUser = 0, maxSeatsPerReservation = 0 } = place.concert.value ?? {};
  return Math.max(0, Math.min(maxSeatsPerReservation, maxSeatsPerUser - owned.value));
};

const setChoices = (store: SeatStore, choices: SeatStore["choices"]["value"]): void => {
  store.choices.value = choices;
  tabStorage.write(store.storageKey, { date: store.date.peek(), choices });
};

/** Replaces the choice of the selected date. */
const setSelection = (store: SeatStore, selected: readonly number[]): void => {
  const date = store.date.peek();
  if (date === null) return;
  setChoices(store, { ...store.choices.peek(), [date]: [...selected].sort((a, b) => a - b) });
};

/** Whether the fan has done, or does not want any more, what a notice below the seats is about. */
const isSettled = (present: Notice | null, selectedCount: number): boolean => {
  if (present === null || aboveKinds.includes(present.kind)) return false;
  return present.kind !== "lost" || selectedCount >= present.wanted;
};

/** Chooses a seat, or takes it back. More seats than the user may have are never chosen. */
export const toggleSeat = (store: SeatStore, seatNumber: number): void => {
  if (store.isReserving.peek()) return;
  const selected = selectedIn(store);
  const isSelected = selected.includes(seatNumber);
  if (!isSelected && selected.length >= seatsMaxIn(store)) {
    store.notice.value = { kind: "full" };
    return;
  }
  const next = isSelected
    ? selected.filter((one) => one !== seatNumber)
    : [...selected, seatNumber];
  batch(() => {
    setSelection(store, next);
    if (isSettled(store.notice.peek(), next.length)) store.notice.value = null;
  });
};

/** Removes seats that are not free from the choice, and tells which. */
export const dropTakenSeats = (store: SeatStore, taken: readonly number[]): void => {
  const selected = selectedIn(store);
  const lost = selected.filter((seatNumber) => taken.includes(seatNumber));
  if (lost.length === 0) return;
  batch(() => {
    setSelection(
      store,
      selected.filter((seatNumber) => !lost.includes(seatNumber)),
    );
    store.notice.value = { kind: "lost", seatNumbers: lost, wanted: selected.length };
  });
};

/** Forgets the choice of a date, whose seats are held now. */
export const forgetChoice = (store: SeatStore, date: string): void => {
  const { [date]: _held, ...others } = store.choices.peek();
  setChoices(store, others);
};

/** Selects a date. The choice of each date is kept. */
export const setDate = (store: SeatStore, date: string): void => {
  batch(() => {
    store.date.value = date;
    const hall = store.hall.peek();
    if (hall !== null) hall.statuses.value = null;
    if (store.notice.peek()?.kind !== "gone") store.notice.value = null;
    setChoices(store, store.choices.peek());
  });
};

/** Restores date and choices from before a reload. */
export const restoreSelection = (store: SeatStore): void => {
  const stored = tabStorage.read<{ date: string | null; choices: SeatStore["choices"]["value"] }>(
    store.storageKey,
  );
  if (typeof stored?.date !== "string") return;
  store.date.value = stored.date;
  store.choices.value = stored.choices ?? {};
};
