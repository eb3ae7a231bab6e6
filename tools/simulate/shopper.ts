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
/** The average. Real users take longer; a simulation should be short. */
const choosingMs = 2_500;
const payingMs = 3_500;

const anyOf = <T>(list: readonly T[]): T | undefined =>
  list[Math.floor(Math.random() * list.length)];

/** Chooses one free seat, or two neighbouring ones when there are two. */
const choose = (free: readonly number[]): number[] => {
  const first = anyOf(free);
  if (first === undefined) return [];
  return Math.random() < 0.5 && free.includes(first + 1) ? [first, first + 1] : [first];
};

/** Tries to hold seats. Returns null when there are none, or after too many refusals. */
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

/** Reserves seats, charges the balance and pays. */
export const shop = async (crowd: Crowd, fan: Fan, tokens: Tokens): Promise<Ending> => {
  const { userId, accessToken, queueToken: token } = tokens;
  const { concertId, signal } = crowd;
  const held = await hold(crowd, token);
  if (held === null) {
    // A fan who finds no seat leaves, so that the next one is admitted.
    await callAs(crowd, leaveQueue, { concertId }, { token });
    return "no-seat";
  }
  if (fan.kind === "abandoner") return "abandoned";
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
