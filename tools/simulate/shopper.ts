import {
  chargeBalance,
  leaveQueue,
  listDates,
  listSeats,
  payReservation,
  reserveSeats,
  type Reservation,
} from "../../sdk/index.ts";
import { pause } from "../../sdk/wait.ts";
import { callAs, type Crowd, type Ending, type Fan } from "./crowd.ts";

export interface Tokens {
  readonly userId: string;
  readonly accessToken: string;
  readonly queueToken: string;
}

const triesMax = 8;
const chargeMax = 10_000_000;
/** On average. Real users take longer, but a rehearsal should be short. */
const choosingMs = 2_500;
const payingMs = 3_500;

const anyOf = <T>(list: readonly T[]): T | undefined =>
  list[Math.floor(Math.random() * list.length)];

/** One or two free seats of a date, next to each other where there are such. */
const choose = (free: readonly number[]): number[] => {
  const first = anyOf(free);
  if (first === undefined) return [];
  return Math.random() < 0.5 && free.includes(first + 1) ? [first, first + 1] : [first];
};

/** Looks for seats until it holds some; null when there are none, or none that it gets. */
const hold = async (crowd: Crowd, token: string): Promise<Reservation | null> => {
  const { concertId, signal } = crowd;
  for (let tries = 0; tries < triesMax && !signal.aborted; tries += 1) {
    const dates = await callAs(crowd, listDates, { concertId }, { token });
    const show = dates.ok ? anyOf(dates.value.items) : undefined;
    if (show === undefined) return null;
    const asked = { concertId, date: show.date, status: "AVAILABLE" as const };
    const seats = await callAs(crowd, listSeats, asked, { token });
    const free = seats.ok ? seats.value.items.map(({ seatNumber }) => seatNumber) : [];
    const seatNumbers = choose(free);
    await pause(choosingMs * (0.5 + Math.random()), signal);
    if (seatNumbers.length === 0) continue;
    const body = { date: show.date, seatNumbers };
    const held = await callAs(crowd, reserveSeats, { body }, { token, key: crypto.randomUUID() });
    if (held.ok) return held.value;
    if (held.code !== "SEAT_UNAVAILABLE") return null;
  }
  return null;
};

/** From the turn to the tickets: seats, money, payment, each as often as it takes and no more. */
export const shop = async (crowd: Crowd, fan: Fan, tokens: Tokens): Promise<Ending> => {
  const { userId, accessToken, queueToken: token } = tokens;
  const { concertId, signal } = crowd;
  const held = await hold(crowd, token);
  if (held === null) {
    // A fan who finds no seat leaves, so that the next one is admitted.
    await callAs(crowd, leaveQueue, { concertId }, { token });
    return "no-seat";
  }
  if (fan.kind === "ditherer") return "dithered";
  await pause(payingMs * (0.5 + Math.random()), signal);
  const body = { amount: Math.min(held.amount, chargeMax) };
  const charging = { token: accessToken, key: crypto.randomUUID() };
  const charged = await callAs(crowd, chargeBalance, { userId, body }, charging);
  if (!charged.ok) return "refused";
  const { reservationId } = held;
  const paying = { token, key: crypto.randomUUID() };
  const paid = await callAs(crowd, payReservation, { body: { reservationId } }, paying);
  if (!paid.ok) {
    const isLost = paid.code === "RESERVATION_NOT_PAYABLE" || paid.code === "RESERVATION_EXPIRED";
    return isLost ? "lost-hold" : "refused";
  }
  fan.ticketIds = paid.value.tickets.map(({ ticketId }) => ticketId);
  return "bought";
};
