import {
  joinQueue,
  listDates,
  listSeats,
  reserveSeats,
  type Reservation,
} from "../../sdk/index.ts";
import { pause } from "../../sdk/wait.ts";
import { callAs, type Crowd, type Ending, type Fan } from "./crowd.ts";
import { endOf, waitForAdmission } from "./waiting.ts";

const seatsMax = 4;
/** As soon as a program can try again without being refused as too fast. */
const againMs = 200;
/** The place may end meanwhile, so that the hoarder does not wait for a whole Retry-After. */
const limitedMs = 2_000;

const isSaleOver = ({ fans, signal }: Crowd): boolean =>
  signal.aborted || fans.every(({ kind, stage }) => kind === "hoarder" || stage === "done");

/** Tries to hold as many seats of one date as there are, up to four. Null: refused, or none is free. */
const takeSeats = async (crowd: Crowd, token: string): Promise<Reservation | string> => {
  const { concertId } = crowd;
  const dates = await callAs(crowd, listDates, { concertId }, { token });
  if (!dates.ok) return dates.code;
  const show = dates.value.items[0];
  if (show === undefined) return "NO_SEAT";
  const asked = { concertId, date: show.date, status: "AVAILABLE" as const };
  const seats = await callAs(crowd, listSeats, asked, { token });
  const free = seats.ok ? seats.value.items.map(({ seatNumber }) => seatNumber) : [];
  if (free.length === 0) return "NO_SEAT";
  const body = { date: show.date, seatNumbers: free.slice(0, seatsMax) };
  const held = await callAs(crowd, reserveSeats, { body }, { token, key: crypto.randomUUID() });
  return held.ok ? held.value : held.code;
};

/** Holds seats again and again until the place ends. */
const holdAgain = async (crowd: Crowd, fan: Fan, token: string): Promise<void> => {
  const { hoarding } = fan;
  while (!isSaleOver(crowd)) {
    const held = await takeSeats(crowd, token);
    if (typeof held !== "string") {
      const lastsMs = Date.parse(held.expiresAt) - Date.parse(held.serverTime);
      hoarding.sinceMs ||= performance.now();
      hoarding.holds += 1;
      const fromMs = performance.now();
      await pause(lastsMs, crowd.signal);
      hoarding.heldMs += performance.now() - fromMs;
      continue;
    }
    if (held === "HOLD_LIMIT") hoarding.refused += 1;
    else if (held !== "NO_SEAT" && held !== "SEAT_UNAVAILABLE") return;
    await pause(held === "HOLD_LIMIT" ? limitedMs : againMs, crowd.signal);
  }
};

/**
 * Holds as many seats as a user may and never pays: takes seats again as soon as a hold lapses, and joins
 * again when the place ends, until no honest fan is left.
 */
export const runHoarder = async (crowd: Crowd, fan: Fan, accessToken: string): Promise<Ending> => {
  const { concertId } = crowd;
  while (!isSaleOver(crowd)) {
    const joined = await callAs(crowd, joinQueue, { concertId }, { token: accessToken });
    if (!joined.ok) return joined.code === "SOLD_OUT" ? "sold-out" : "closed";
    fan.stage = "waiting";
    const status = await waitForAdmission(crowd, fan, joined.value.token, false);
    if (status?.status === "ACTIVE") {
      fan.stage = "shopping";
      await holdAgain(crowd, fan, status.token);
    } else if (status?.endedReason !== "LAPSED") return endOf(status);
  }
  return "hoarded";
};
