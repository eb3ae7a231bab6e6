import type { ConcertId, MintId, ReservationId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { Clock, InstantMs } from "#kernel/instant.ts";
import { comparePlaces, type QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { KeyOutcome, Reserve, ReserveOutcome } from "../domain/commands.ts";
import { hasBegun, takenSeats, type HallShow } from "../domain/hall.ts";
import { compareIntent } from "../domain/recall.ts";
import type { Answers, BoxOffice } from "../ports/box-office.ts";
import type { Buyers } from "../ports/buyers.ts";
import type { Halls } from "../ports/halls.ts";
import type { Show, Shows } from "../ports/shows.ts";
import type { Attempt, EnterOutcome, GlanceOutcome, QueueGate } from "../ports/queue-gate.ts";

export interface ReserveSeats {
  readonly claims: QueueClaims;
  readonly date: string;
  /** 1 to 50, none twice, in any order. */
  readonly seatNumbers: readonly number[];
  readonly intent: Intent | null;
}

export interface ReserveSeatsDeps {
  readonly answers: Answers;
  readonly boxOffice: BoxOffice;
  readonly buyers: Buyers;
  readonly halls: Halls;
  readonly shows: Shows;
  readonly queueGate: QueueGate;
  readonly mintId: MintId;
  readonly clock: Clock;
}

export type ReserveSeatsOutcome =
  | ReserveOutcome
  /** The place is genuine and its turn has not come. */
  | { readonly kind: "not-active" };

/**
 * How long the locks in front last by themselves, in case nobody releases them: longer than a command
 * may take, short enough that seats are not out of reach for long when an instance dies.
 */
const lockMs = 4000;
/** The slot outlives the command: its deadline, and as much again for a slow answer. */
const leaseMs = 5000;

/** The stored answer's word on a request, if its key has one. */
const lookUp = async (
  deps: ReserveSeatsDeps,
  { claims, intent }: ReserveSeats,
): Promise<KeyOutcome | null> => {
  if (intent === null) return null;
  const stored = await deps.answers.find(claims.userId, intent.key);
  return stored ? compareIntent(stored, intent) : null;
};

/** Whether the token says by itself that the place is ACTIVE. */
const saysActive = (
  { clock }: ReserveSeatsDeps,
  activeUntilSeconds: QueueClaims["activeUntilSeconds"],
): boolean => clock.nowMs() < (activeUntilSeconds ?? 0) * 1000;

/** What the gate in front says against it, or null. With its store away the token speaks for itself. */
const refuseEntry = (
  deps: ReserveSeatsDeps,
  claims: QueueClaims,
  entered: EnterOutcome,
): ReserveSeatsOutcome | null => {
  switch (entered.kind) {
    case "entered":
      return null;
    case "not-active":
      return { kind: "not-active" };
    case "ended":
      return { kind: "ended" };
    case "locked":
      return entered.twin
        ? { kind: "key-in-progress" }
        : { kind: "seats-unavailable", seatNumbers: entered.seatNumbers };
    case "away":
      if (saysActive(deps, claims.activeUntilSeconds)) return null;
      throw new Unavailable("the queue cannot say whether the place is active");
  }
};

/** A show, its picture, and the moment for which to judge that. */
interface Found {
  readonly show: Show;
  readonly hall: HallShow;
  readonly nowMs: InstantMs;
}

/** The show, or null when there is none to reserve in: no such date, or one that has begun. */
const findShow = async (
  deps: ReserveSeatsDeps,
  concertId: ConcertId,
  date: string,
): Promise<Found | null> => {
  const show = await deps.shows.find(concertId);
  if (!show?.dates.some((one) => one.date === date)) return null;
  const { shows, nowMs } = await deps.halls.look(concertId);
  const hall = shows.find((one) => one.date === date);
  return hall === undefined || hasBegun(hall, nowMs) ? null : { show, hall, nowMs };
};

/** Whether the last picture shows one of the seats as taken: a guess, for whom to look at first. */
const looksTaken = ({ halls }: ReserveSeatsDeps, attempt: Attempt): boolean => {
  const view = halls.last(attempt.concertId);
  const hall = view?.shows.find((one) => one.date === attempt.date);
  if (!view || !hall) return false;
  const { sold, held } = takenSeats(hall, attempt.seatNumbers, view.nowMs);
  return sold.length + held.length > 0;
};

/**
 * Those of the seats that are taken: what the picture shows as SOLD stays sold; what it shows as HELD
 * is looked at as it is now.
 */
const findTaken = async (
  { halls }: ReserveSeatsDeps,
  { concertId, date, seatNumbers }: Attempt,
  { hall, nowMs }: Found,
): Promise<readonly number[]> => {
  const { sold, held } = takenSeats(hall, seatNumbers, nowMs);
  if (sold.length === seatNumbers.length) return sold;
  return sold.length + held.length === 0 ? [] : halls.taken({ concertId, date, seatNumbers });
};

/**
 * What the queue says of the place; with its store away, what the token and the database say. Away when
 * they cannot tell either.
 */
const glanceAt = async (deps: ReserveSeatsDeps, attempt: Attempt): Promise<GlanceOutcome> => {
  const glanced = await deps.queueGate.glance(attempt);
  if (glanced.kind !== "away" || !saysActive(deps, attempt.activeUntilSeconds)) return glanced;
  const { ended, hasSeats } = await deps.buyers.look(attempt.userId, attempt.concertId);
  if (comparePlaces(attempt, ended) <= 0) return { kind: "ended" };
  return { kind: "active", holding: hasSeats, bought: hasSeats };
};

/**
 * Turns away who wants a seat that is taken, without a lock and without a transaction: on a hot seat
 * that is everybody but one. Null for who goes the whole way: the seat is free after all, or an
 * earlier refusal may apply that the box office has to judge, because he holds or owns something or
 * wants too many.
 */
const turnAway = async (
  deps: ReserveSeatsDeps,
  attempt: Attempt,
): Promise<ReserveSeatsOutcome | null> => {
  const glanced = await glanceAt(deps, attempt);
  if (glanced.kind === "away") return null;
  if (glanced.kind !== "active") return glanced;
  const found = await findShow(deps, attempt.concertId, attempt.date);
  if (!found) return { kind: "date-not-found" };
  const { maxSeatsPerReservation, maxSeatsPerUser } = found.show.policy;
  const isTooMany = attempt.seatNumbers.length > Math.min(maxSeatsPerReservation, maxSeatsPerUser);
  if (glanced.holding || glanced.bought || isTooMany) return null;
  const taken = await findTaken(deps, attempt, found);
  return taken.length > 0 ? { kind: "seats-unavailable", seatNumbers: taken } : null;
};

const decide = async (
  deps: ReserveSeatsDeps,
  command: ReserveSeats,
  attempt: Attempt,
): Promise<ReserveOutcome> => {
  const { claims, intent } = command;
  const found = await findShow(deps, claims.concertId, command.date);
  if (!found) return { kind: "date-not-found" };
  const { holdSeconds, maxSeatsPerUser, maxSeatsPerReservation } = found.show.policy;
  const reserve: Reserve = {
    kind: "reserve",
    reservationId: deps.mintId<"reservation">(),
    userId: claims.userId,
    concertId: claims.concertId,
    place: { epoch: claims.epoch, seq: claims.seq },
    date: command.date,
    seatNumbers: attempt.seatNumbers,
    holdSeconds,
    maxSeatsPerUser,
    maxSeatsPerReservation,
    currency: found.show.currency,
    intent,
  };
  return deps.boxOffice.submit<"reserve">(reserve);
};

const holdOf = (
  outcome: ReserveOutcome | null,
): { readonly reservationId: ReservationId; readonly expiresAtMs: number } | null => {
  if (outcome?.kind !== "reserved") return null;
  const { reservationId, expiresAtMs } = outcome.reservation;
  return { reservationId, expiresAtMs };
};

const makeAttempt = (deps: ReserveSeatsDeps, command: ReserveSeats): Attempt => {
  const { claims, intent, date } = command;
  return {
    concertId: claims.concertId,
    userId: claims.userId,
    epoch: claims.epoch,
    seq: claims.seq,
    date,
    seatNumbers: command.seatNumbers.toSorted((a, b) => a - b),
    owner: deps.mintId<"attempt">(),
    keyTag: intent === null ? "" : `${claims.userId}.${encodeURIComponent(intent.key)}`,
    lockMs,
    leaseMs,
    activeUntilSeconds: claims.activeUntilSeconds,
  };
};

/**
 * Reserves seats for whoever stands ACTIVE in the queue: all of them, or none.
 *
 * Outcomes, first that applies:
 * - `replayed`, `key-reused`  the key has a stored answer: before any check of the queue
 * - `not-active`, `ended`     the place
 * - `date-not-found`          no such date, or its show has begun
 * - `key-in-progress`         the key's first request still runs
 * - `seats-unavailable`       somebody is taking one of them at this moment; asking again is allowed
 * - then as the box office decides: `already-held`, `seat-limit-exceeded`, `seats-unavailable`, `reserved`
 *
 * Throws Unavailable when a store that is needed is away. The locks in front are released in any case;
 * when the seats are held, the slot lasts as long as the hold.
 */
export const reserveSeats =
  (deps: ReserveSeatsDeps) =>
  async (command: ReserveSeats): Promise<ReserveSeatsOutcome> => {
    const known = await lookUp(deps, command);
    if (known) return known;

    const attempt = makeAttempt(deps, command);
    const turned = looksTaken(deps, attempt) ? await turnAway(deps, attempt) : null;
    if (turned) return (await lookUp(deps, command)) ?? turned;

    const entered = await deps.queueGate.enter(attempt);
    const refusal = refuseEntry(deps, command.claims, entered);
    if (refusal?.kind === "seats-unavailable" || refusal?.kind === "key-in-progress") {
      const found = await findShow(deps, attempt.concertId, attempt.date);
      if (!found) return { kind: "date-not-found" };
    }
    // The first request with the key may have ended since: then its answer counts, not the queue.
    if (refusal) return (await lookUp(deps, command)) ?? refusal;

    let outcome: ReserveOutcome | null = null;
    try {
      outcome = await decide(deps, command, attempt);
      return outcome;
    } finally {
      await deps.queueGate.settle(attempt, holdOf(outcome));
    }
  };
