import { linkAbort } from "../../../sdk/abort.ts";
import type { Failure } from "../../../sdk/client.ts";
import {
  listDates,
  listReservations,
  listSeats,
  readReservation,
  reserveSeats,
  type BookableDates,
  type Reservation,
  type Seats,
} from "../../../sdk/generated/index.ts";
import { pause } from "../../../sdk/wait.ts";
import { api } from "../../shared/api.ts";
import { syncClock } from "../../shared/clock.ts";
import { tabStorage } from "../../shared/storage.ts";
import { batch, signal } from "../../shared/signals.ts";
import type { Turn } from "../queue/place-store.ts";
import { callAs } from "../session/call.ts";
import { newKey } from "../../shared/key.ts";
import { startNewView } from "../route.ts";
import { partOf } from "../part-of.ts";

/** A message above the selection. */
export type Notice =
  | { readonly kind: "lost"; readonly seatNumbers: readonly number[] }
  | {
      readonly kind: "limit" | "holdLimit" | "busy" | "gone" | "expired" | "released" | "cannotPay";
    };

const seatsMs = 1_500;

const createSeatStore = (turn: Turn) => ({
  turn,
  place: turn.place,
  storageKey: turn.key("selection"),
  dates: signal<BookableDates["items"] | null>(null),
  date: signal<string | null>(null),
  seats: signal<Seats | null>(null),
  /** The last request for the seats failed. */
  isUnavailable: signal(false),
  selected: signal<readonly number[]>([]),
  notice: signal<Notice | null>(null),
  reservation: signal<Reservation | null>(null),
  /** It is known whether the user holds a reservation. */
  isReady: signal(false),
  isReserving: signal(false),
  /** The seat of the map that the Tab key reaches; arrow keys move it. */
  tabStop: signal(1),
});

export type SeatStore = ReturnType<typeof createSeatStore>;

/** The seats of a concert and the fan's selection, in one turn. */
export const seatStoreOf = (turn: Turn): SeatStore => partOf(turn, createSeatStore);

/** The token and the signal of a turn's requests. */
const ofTurn = ({ turn }: SeatStore) => ({ token: turn.token(), signal: turn.signal });

export const setSelection = (store: SeatStore, selected: readonly number[]): void => {
  store.selected.value = [...selected].sort((a, b) => a - b);
  tabStorage.write(store.storageKey, { date: store.date.peek(), selected: store.selected.peek() });
};

export const toggleSeat = (store: SeatStore, seatNumber: number): void => {
  const { value: selected } = store.selected;
  const isSelected = selected.includes(seatNumber);
  setSelection(
    store,
    isSelected ? selected.filter((one) => one !== seatNumber) : [...selected, seatNumber],
  );
};

/** Removes taken seats from the selection and tells which. */
const dropTakenSeats = (store: SeatStore, taken: readonly number[]): void => {
  const { value: selected } = store.selected;
  const lost = selected.filter((seatNumber) => taken.includes(seatNumber));
  if (lost.length === 0) return;
  batch(() => {
    setSelection(
      store,
      selected.filter((seatNumber) => !lost.includes(seatNumber)),
    );
    store.notice.value = { kind: "lost", seatNumbers: lost };
  });
};

const applySeats = (store: SeatStore, seats: Seats): void => {
  if (seats.date !== store.date.peek()) return;
  batch(() => {
    store.seats.value = seats;
    const taken = seats.items.filter(({ status }) => status !== "AVAILABLE");
    // During the request a seat may read as held because this fan holds it.
    if (!store.isReserving.peek() && store.reservation.peek() === null) {
      dropTakenSeats(
        store,
        taken.map(({ seatNumber }) => seatNumber),
      );
    }
  });
};

/** A refused token may mean that the turn is over: reads the status of the place. */
const handleRefusal = (store: SeatStore, { code, status }: Failure): void => {
  if (status === 401 || status === 403) store.place.watch();
  else if (code === "DATE_NOT_FOUND") store.notice.value = { kind: "gone" };
};

const loadSeats = async (store: SeatStore): Promise<void> => {
  const date = store.date.peek();
  if (date === null) return;
  const { concertId } = store.place;
  const result = await api.call(
    listSeats,
    { concertId, date },
    { ...ofTurn(store), retry: { triesMax: 1 } },
  );
  if (store.turn.signal.aborted) return;
  store.isUnavailable.value = !result.ok;
  if (result.ok) applySeats(store, result.value);
  else handleRefusal(store, result);
};

export const selectDate = (store: SeatStore, date: string): void => {
  if (store.date.peek() === date) return;
  batch(() => {
    store.date.value = date;
    store.seats.value = null;
    setSelection(store, []);
  });
  void loadSeats(store);
};

const loadDates = async (store: SeatStore): Promise<void> => {
  const { concertId } = store.place;
  const result = await api.call(listDates, { concertId }, ofTurn(store));
  if (store.turn.signal.aborted) return;
  if (!result.ok) return handleRefusal(store, result);
  const { items } = result.value;
  store.dates.value = items;
  const [first] = items;
  if (store.date.peek() === null && first !== undefined) selectDate(store, first.date);
};

export const setReservation = (store: SeatStore, reservation: Reservation | null): void => {
  if (reservation !== null) syncClock(Date.parse(reservation.serverTime));
  store.reservation.value = reservation;
};

/** Finds a reservation that the user holds in this concert, made on any device or tab. */
const findHeldReservation = async (store: SeatStore): Promise<void> => {
  const { account } = store.turn;
  const { concertId } = store.place;
  const { userId } = account;
  const options = { signal: store.turn.signal, retry: { triesMax: Infinity } };
  const result = await callAs(account, listReservations, { userId }, options);
  if (!result.ok) return;
  const held = result.value.items.find(
    (one) => one.status === "HELD" && one.concertId === concertId,
  );
  setReservation(store, held ?? null);
};

/** Reads a reservation again. The server returns a lapsed one as EXPIRED. */
export const refreshReservation = async (
  store: SeatStore,
  reservationId: string,
): Promise<void> => {
  const result = await api.call(readReservation, { reservationId }, ofTurn(store));
  if (result.ok) setReservation(store, result.value);
};

/** Reserves the selected seats: all or none. */
export const reserve = async (store: SeatStore): Promise<void> => {
  const date = store.date.peek();
  if (date === null || store.isReserving.peek()) return;
  store.isReserving.value = true;
  store.notice.value = null;
  const options = { ...ofTurn(store), key: newKey() };
  const body = { date, seatNumbers: store.selected.peek() };
  const result = await api.call(reserveSeats, { body }, options);
  store.isReserving.value = false;
  if (store.turn.signal.aborted) return;
  if (result.ok) {
    tabStorage.remove(store.storageKey);
    store.selected.value = [];
    startNewView();
    return setReservation(store, result.value);
  }
  if (result.code === "SEAT_UNAVAILABLE") return dropTakenSeats(store, result.problem.seatNumbers);
  if (result.code === "RESERVATION_ALREADY_HELD") {
    return refreshReservation(store, result.problem.reservationId);
  }
  if (result.code === "SEAT_LIMIT_EXCEEDED") store.notice.value = { kind: "limit" };
  else if (result.code === "HOLD_LIMIT") store.notice.value = { kind: "holdLimit" };
  else handleRefusal(store, result);
  store.notice.value ??= { kind: "busy" };
};

/** Restores the selection from before a reload. */
const restoreSelection = (store: SeatStore): void => {
  const stored = tabStorage.read<{ date: string | null; selected: readonly number[] }>(
    store.storageKey,
  );
  if (typeof stored?.date !== "string") return;
  store.date.value = stored.date;
  store.selected.value = stored.selected;
};

/** Keeps dates and seats up to date until the returned function is called or the turn ends. */
export const pollSeats = (store: SeatStore): (() => void) => {
  const { signal, abort } = linkAbort([store.turn.signal]);
  const poll = async (): Promise<void> => {
    await findHeldReservation(store);
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
