import {
  chargeBalance,
  leaveQueue,
  listDates,
  payReservation,
  readSeatMap,
  reserveSeats,
  type Reservation,
} from "../../sdk/index.ts";
import { pause } from "../../sdk/wait.ts";
import { callAs, type Crowd, type Ending, type Fan } from "./crowd.ts";
import { miscounted, seatsAfter, type SeatsSeen } from "./seats-seen.ts";
import { useTickets } from "./tickets.ts";
import { anyOf, chooseWish, groupSize } from "./wishes.ts";

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

/** Reads the map of a date, or what has changed since `before`. Null without an answer. */
const readSeats = async (
  crowd: Crowd,
  token: string,
  date: string,
  before: SeatsSeen | null,
): Promise<SeatsSeen | null> => {
  const since = before === null ? {} : { since: before.version };
  const asked = { concertId: crowd.concertId, date, ...since };
  const answer = await callAs(crowd, readSeatMap, asked, { token });
  if (!answer.ok) return null;
  const seen = seatsAfter(before, answer.value);
  for (const fault of miscounted(crowd.hall, seen)) crowd.mapFaults.add(fault);
  return seen;
};

/** Looks at the map of a date, and tries to hold seats there. Null when none is free. */
const holdOn = async (
  crowd: Crowd,
  fan: Fan,
  search: { readonly token: string; readonly date: string; readonly count: number },
) => {
  const { token, date, count } = search;
  const seen = await readSeats(crowd, token, date, fan.maps.get(date) ?? null);
  if (seen !== null) fan.maps.set(date, seen);
  const wish = seen && chooseWish(crowd.hall, seen, count);
  await pause(choosingMs * (0.5 + Math.random()), crowd.signal);
  if (wish === null) return null;
  const body = { date, ...wish };
  const held = await callAs(crowd, reserveSeats, { body }, { token, key: crypto.randomUUID() });
  if (held.ok) fan.holds.push({ wish, reservation: held.value });
  return held;
};

/** Tries to hold seats. Returns null when there are none, or after too many refusals. */
const hold = async (crowd: Crowd, fan: Fan, token: string): Promise<Reservation | null> => {
  const { concertId, signal, seatsMax } = crowd;
  let count = groupSize(seatsMax);
  for (let tries = 0; tries < triesMax && !signal.aborted; tries += 1) {
    const dates = await callAs(crowd, listDates, { concertId }, { token });
    const show = dates.ok ? anyOf(dates.value.items) : undefined;
    if (show === undefined) return null;
    const held = await holdOn(crowd, fan, { token, date: show.date, count });
    if (held?.ok) return held.value;
    if (held !== null && held.code !== "SEAT_UNAVAILABLE") return null;
    // As a group does that finds no seats for all of them.
    count = Math.max(1, count - 1);
  }
  return null;
};

/** Reserves seats, charges the balance and pays. */
export const shop = async (crowd: Crowd, fan: Fan, tokens: Tokens): Promise<Ending> => {
  const { userId, accessToken, queueToken: token } = tokens;
  const { concertId, signal } = crowd;
  const held = await hold(crowd, fan, token);
  fan.maps.clear();
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
  fan.tickets = paid.value.tickets;
  await useTickets(crowd, fan, accessToken, paid.value);
  return "bought";
};
