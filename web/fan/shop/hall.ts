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
import { setClock } from "../../shared/clock.ts";
import { tabKeep } from "../../shared/keep.ts";
import { batch, signal } from "../../shared/signals.ts";
import type { Place } from "../queue/place.ts";
import { newKey } from "../money/intent.ts";
import { moveOn } from "../route.ts";
import { session } from "../session.ts";

/** What somebody inside is told, above what he does. */
export type Notice =
  | { readonly kind: "lost"; readonly seatNumbers: readonly number[] }
  | { readonly kind: "limit" | "busy" | "gone" | "expired" | "given" | "cannotPay" };

const seatsMs = 1_500;

const hallState = (place: Place) => ({
  place,
  keptName: `choice.${place.concertId}`,
  dates: signal<BookableDates["items"] | null>(null),
  date: signal<string | null>(null),
  seats: signal<Seats | null>(null),
  /** The last try to read the seats brought nothing. */
  isAway: signal(false),
  chosen: signal<readonly number[]>([]),
  notice: signal<Notice | null>(null),
  reservation: signal<Reservation | null>(null),
  /** Whether it is known that nothing is held, or what is. */
  isReady: signal(false),
  isHolding: signal(false),
});

export type Hall = ReturnType<typeof hallState>;

const tokenOf = ({ place }: Hall): string => place.status.peek()?.token ?? "";

export const choose = (hall: Hall, chosen: readonly number[]): void => {
  hall.chosen.value = [...chosen].sort((a, b) => a - b);
  tabKeep.write(hall.keptName, { date: hall.date.peek(), chosen: hall.chosen.peek() });
};

export const toggle = (hall: Hall, seatNumber: number): void => {
  const { value: chosen } = hall.chosen;
  const isChosen = chosen.includes(seatNumber);
  choose(hall, isChosen ? chosen.filter((one) => one !== seatNumber) : [...chosen, seatNumber]);
};

/** Keeps what is still free of a choice, and says what is not. */
const dropTaken = (hall: Hall, taken: readonly number[]): void => {
  const { value: chosen } = hall.chosen;
  const lost = chosen.filter((seatNumber) => taken.includes(seatNumber));
  if (lost.length === 0) return;
  batch(() => {
    choose(
      hall,
      chosen.filter((seatNumber) => !lost.includes(seatNumber)),
    );
    hall.notice.value = { kind: "lost", seatNumbers: lost };
  });
};

const takeSeats = (hall: Hall, seats: Seats): void => {
  if (seats.date !== hall.date.peek()) return;
  batch(() => {
    hall.seats.value = seats;
    const taken = seats.items.filter(({ status }) => status !== "AVAILABLE");
    // While it is being asked for, a seat may read as held because it is held for this very fan.
    if (!hall.isHolding.peek() && hall.reservation.peek() === null) {
      dropTaken(
        hall,
        taken.map(({ seatNumber }) => seatNumber),
      );
    }
  });
};

/** The turn may be over: the queue knows. */
const judgeRefusal = (hall: Hall, { code, status }: Failure): void => {
  if (status === 401 || status === 403) hall.place.look();
  else if (code === "DATE_NOT_FOUND") hall.notice.value = { kind: "gone" };
};

const loadSeats = async (hall: Hall, signal: AbortSignal): Promise<void> => {
  const date = hall.date.peek();
  if (date === null) return;
  const { concertId } = hall.place;
  const result = await api.call(
    listSeats,
    { concertId, date },
    { token: tokenOf(hall), signal, patience: { triesMax: 1 } },
  );
  if (signal.aborted) return;
  hall.isAway.value = !result.ok;
  if (result.ok) takeSeats(hall, result.value);
  else judgeRefusal(hall, result);
};

export const openDate = (hall: Hall, date: string): void => {
  if (hall.date.peek() === date) return;
  batch(() => {
    hall.date.value = date;
    hall.seats.value = null;
    choose(hall, []);
  });
  void loadSeats(hall, AbortSignal.timeout(10_000));
};

const loadDates = async (hall: Hall, signal: AbortSignal): Promise<void> => {
  const { concertId } = hall.place;
  const result = await api.call(listDates, { concertId }, { token: tokenOf(hall), signal });
  if (signal.aborted) return;
  if (!result.ok) return judgeRefusal(hall, result);
  const { items } = result.value;
  hall.dates.value = items;
  const [first] = items;
  if (hall.date.peek() === null && first !== undefined) openDate(hall, first.date);
};

export const setReservation = (hall: Hall, reservation: Reservation | null): void => {
  if (reservation !== null) setClock(Date.parse(reservation.serverTime));
  hall.reservation.value = reservation;
};

/** Finds what this user holds of this concert, whichever device or tab held it. */
const findHold = async (hall: Hall, signal: AbortSignal): Promise<void> => {
  const user = session.peek();
  if (user === null) return;
  const { userId, accessToken: token } = user;
  const patience = { triesMax: Infinity };
  const result = await api.call(listReservations, { userId }, { token, signal, patience });
  if (!result.ok) return;
  const { concertId } = hall.place;
  const held = result.value.items.find(
    (one) => one.status === "HELD" && one.concertId === concertId,
  );
  setReservation(hall, held ?? null);
};

/** Reads a reservation anew; a lapsed one reads so at once. */
export const lookAtHold = async (hall: Hall, reservationId: string): Promise<void> => {
  const given = { token: tokenOf(hall) };
  const result = await api.call(readReservation, { reservationId }, given);
  if (result.ok) setReservation(hall, result.value);
};

/** Holds the chosen seats: all of them or none. */
export const hold = async (hall: Hall): Promise<void> => {
  const date = hall.date.peek();
  if (date === null || hall.isHolding.peek()) return;
  hall.isHolding.value = true;
  hall.notice.value = null;
  const given = { token: tokenOf(hall), key: newKey() };
  const body = { date, seatNumbers: hall.chosen.peek() };
  const result = await api.call(reserveSeats, { body }, given);
  hall.isHolding.value = false;
  if (result.ok) {
    tabKeep.drop(hall.keptName);
    hall.chosen.value = [];
    moveOn();
    return setReservation(hall, result.value);
  }
  if (result.code === "SEAT_UNAVAILABLE") return dropTaken(hall, result.problem.seatNumbers);
  if (result.code === "RESERVATION_ALREADY_HELD") {
    return lookAtHold(hall, result.problem.reservationId);
  }
  if (result.code === "SEAT_LIMIT_EXCEEDED") hall.notice.value = { kind: "limit" };
  else judgeRefusal(hall, result);
  hall.notice.value ??= { kind: "busy" };
};

/** Brings back what was chosen before a reload. */
const recall = (hall: Hall): void => {
  const kept = tabKeep.read<{ date: string | null; chosen: readonly number[] }>(hall.keptName);
  if (typeof kept?.date !== "string") return;
  hall.date.value = kept.date;
  hall.chosen.value = kept.chosen;
};

const follow = async (hall: Hall, signal: AbortSignal): Promise<void> => {
  await findHold(hall, signal);
  hall.isReady.value = true;
  for (let rounds = 0; !signal.aborted; rounds += 1) {
    if (!document.hidden && hall.reservation.peek() === null) {
      const isDue = rounds % 8 === 0 || hall.date.peek() === null;
      await Promise.all([isDue && loadDates(hall, signal), loadSeats(hall, signal)]);
    }
    await pause(seatsMs * (0.8 + Math.random() * 0.4), signal);
  }
};

/** What somebody inside sees and does, kept up to date until it is closed. */
export const openHall = (place: Place): { readonly hall: Hall; close(): void } => {
  const hall = hallState(place);
  const closing = new AbortController();
  recall(hall);
  void follow(hall, closing.signal);
  return { hall, close: () => closing.abort() };
};
