import type { ConcertId, MintId, UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { Clock, InstantMs } from "#kernel/instant.ts";
import { comparePlaces, type QueueClaims } from "#kernel/place.ts";
import type {
  CheckActiveOutcome,
  EnterOutcome,
  GateAttempt,
  QueueGate,
} from "#kernel/queue-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { KeyOutcome, Reserve, ReserveOutcome } from "../domain/commands.ts";
import { mayHoldFromMs } from "../domain/hold-limit.ts";
import { hasBegun, takenSeats, type SeatMap } from "../domain/seat-map.ts";
import { compareIntent } from "../domain/stored-answer.ts";
import type { Answers, BoxOffice } from "../ports/box-office.ts";
import type { Buyers } from "../ports/buyers.ts";
import type { ConcertOnSale, ConcertsOnSale } from "../ports/concerts-on-sale.ts";
import type { Outbox } from "../ports/outbox.ts";
import type { SeatMapCache, TakenSeats } from "../ports/seat-maps.ts";

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
  readonly seatMaps: SeatMapCache;
  readonly takenSeats: TakenSeats;
  readonly concerts: ConcertsOnSale;
  readonly queueGate: QueueGate;
  readonly outbox: Outbox;
  readonly mintId: MintId;
  readonly clock: Clock;
  /** A digest of user id and idempotency key: Redis must not keep the text of a key. */
  keyTagOf(userId: UserId, key: string): string;
}

export type ReserveSeatsOutcome =
  | ReserveOutcome
  /** The place still waits. */
  | { readonly kind: "not-active" };

/**
 * After this time the seat locks expire, when the instance died before it released them. Longer than the
 * 2,500 ms deadline of a command; short, because no other user can reserve the seats meanwhile.
 */
const lockMs = 4000;
/** The slot does not lapse within this time: twice the deadline of a command. */
const leaseMs = 5000;

/** The outcome that the stored answer of the key decides; null when there is none. */
const findKeyOutcome = async (
  deps: ReserveSeatsDeps,
  { claims, intent }: ReserveSeats,
): Promise<KeyOutcome | null> => {
  if (intent === null) return null;
  const stored = await deps.answers.find(claims.userId, intent.key);
  return stored ? compareIntent(stored, intent) : null;
};

/** Whether the place is ACTIVE by its token alone. */
const isActiveByToken = (
  { clock }: ReserveSeatsDeps,
  activeUntilSeconds: QueueClaims["activeUntilSeconds"],
): boolean => clock.nowMs() < (activeUntilSeconds ?? 0) * 1000;

/** The refusal of the gate, or null. While the queue's store is away, the token decides. */
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
      return entered.sameKey
        ? { kind: "key-in-progress" }
        : { kind: "seats-unavailable", seatNumbers: entered.seatNumbers };
    case "away":
      if (isActiveByToken(deps, claims.activeUntilSeconds)) return null;
      throw new Unavailable("the queue cannot say whether the place is active");
  }
};

/** A show, and the moment for which to judge its seats. */
interface FoundShow {
  readonly concertOnSale: ConcertOnSale;
  readonly show: SeatMap;
  readonly nowMs: InstantMs;
}

/** The show, or null when there is no such date, or when the show has begun. */
const findShow = async (
  deps: ReserveSeatsDeps,
  concertId: ConcertId,
  date: string,
): Promise<FoundShow | null> => {
  const concertOnSale = await deps.concerts.find(concertId);
  if (!concertOnSale?.dates.some((one) => one.date === date)) return null;
  const { shows, nowMs } = await deps.seatMaps.get(concertId);
  const show = shows.find((one) => one.date === date);
  return show === undefined || hasBegun(show, nowMs) ? null : { concertOnSale, show, nowMs };
};

/** Whether the last seat map shows one of the seats as taken. The map may be old: a hit only starts a check. */
const showsTaken = ({ seatMaps }: ReserveSeatsDeps, attempt: GateAttempt): boolean => {
  const maps = seatMaps.peek(attempt.concertId);
  const show = maps?.shows.find((one) => one.date === attempt.date);
  if (!maps || !show) return false;
  const { sold, held } = takenSeats(show, attempt.seatNumbers, maps.nowMs);
  return sold.length + held.length > 0;
};

/**
 * The numbers of the seats that are taken. A seat that the map shows as SOLD stays sold. A seat that it
 * shows as HELD may be AVAILABLE by now, so the database is asked.
 */
const findTaken = async (
  deps: ReserveSeatsDeps,
  { concertId, date, seatNumbers }: GateAttempt,
  { show, nowMs }: FoundShow,
): Promise<readonly number[]> => {
  const { sold, held } = takenSeats(show, seatNumbers, nowMs);
  if (sold.length === seatNumbers.length) return sold;
  return sold.length + held.length === 0
    ? []
    : deps.takenSeats.find({ concertId, date, seatNumbers });
};

/**
 * Checks the place with the queue. While the queue's store is away, the token and the database decide; `away`
 * when the token is not ACTIVE.
 */
const checkActive = async (
  deps: ReserveSeatsDeps,
  attempt: GateAttempt,
): Promise<CheckActiveOutcome> => {
  const checked = await deps.queueGate.checkActive(attempt);
  if (checked.kind !== "away" || !isActiveByToken(deps, attempt.activeUntilSeconds)) return checked;
  const { ended, hasSeats } = await deps.buyers.get(attempt.userId, attempt.concertId);
  if (comparePlaces(attempt, ended) <= 0) return { kind: "ended" };
  return { kind: "active", holding: hasSeats, bought: hasSeats };
};

/** Whether the user may have too many holds without a payment, which is an earlier refusal. */
const mayBeLimited = async (
  { buyers }: ReserveSeatsDeps,
  { userId, concertId }: GateAttempt,
  { concertOnSale: { policy }, nowMs }: FoundShow,
): Promise<boolean> => {
  if (policy.holdsPerUser === 0 && policy.holdCooldownSeconds === 0) return false;
  const { hasSeats, unpaidHolds } = await buyers.get(userId, concertId);
  return hasSeats || mayHoldFromMs(policy, unpaidHolds, nowMs) !== null;
};

/**
 * Refuses an attempt on a taken seat without a lock and without a transaction: on a hot seat that is every
 * attempt but one.
 *
 * Returns null when the attempt must go to the box office:
 * - the seats are AVAILABLE after all;
 * - the user has a hold or tickets, asks for too many seats, or has too many holds without a payment, so that
 *   an earlier refusal may apply;
 * - the queue's store is away and the token is not ACTIVE.
 */
const refuseTaken = async (
  deps: ReserveSeatsDeps,
  attempt: GateAttempt,
): Promise<ReserveSeatsOutcome | null> => {
  const checked = await checkActive(deps, attempt);
  if (checked.kind === "away") return null;
  if (checked.kind !== "active") return checked;
  const found = await findShow(deps, attempt.concertId, attempt.date);
  if (!found) return { kind: "date-not-found" };
  const { maxSeatsPerReservation, maxSeatsPerUser } = found.concertOnSale.policy;
  const isTooMany = attempt.seatNumbers.length > Math.min(maxSeatsPerReservation, maxSeatsPerUser);
  if (checked.holding || checked.bought || isTooMany) return null;
  const taken = await findTaken(deps, attempt, found);
  if (taken.length === 0 || (await mayBeLimited(deps, attempt, found))) return null;
  return { kind: "seats-unavailable", seatNumbers: taken };
};

const decide = async (
  deps: ReserveSeatsDeps,
  command: ReserveSeats,
  attempt: GateAttempt,
): Promise<ReserveOutcome> => {
  const { claims, intent } = command;
  const found = await findShow(deps, claims.concertId, command.date);
  if (!found) return { kind: "date-not-found" };
  const { holdSeconds, maxSeatsPerUser, maxSeatsPerReservation } = found.concertOnSale.policy;
  const { holdsPerUser, holdCooldownSeconds } = found.concertOnSale.policy;
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
    holdPolicy: { holdsPerUser, holdCooldownSeconds },
    currency: found.concertOnSale.currency,
    intent,
  };
  return deps.boxOffice.submit<"reserve">(reserve);
};

/** Releases the seat locks. With a hold, the slot lasts as long as the hold from now on. */
const releaseLocks = async (
  deps: ReserveSeatsDeps,
  attempt: GateAttempt,
  outcome: ReserveOutcome | null,
): Promise<void> => {
  if (outcome?.kind !== "reserved") {
    await deps.queueGate.releaseLocks(attempt, null);
    return;
  }
  const { reservationId, expiresAtMs } = outcome.reservation;
  const hold = { reservationId, expiresAtMs };
  if (await deps.queueGate.releaseLocks(attempt, hold)) {
    const { concertId, userId, epoch, seq } = attempt;
    const content = { ...hold, epoch, seq };
    deps.outbox.markDelivered({ topic: "hold-carried", concertId, userId, content });
  }
};

const makeAttempt = (deps: ReserveSeatsDeps, command: ReserveSeats): GateAttempt => {
  const { claims, intent, date } = command;
  return {
    concertId: claims.concertId,
    userId: claims.userId,
    epoch: claims.epoch,
    seq: claims.seq,
    date,
    seatNumbers: command.seatNumbers.toSorted((a, b) => a - b),
    owner: deps.mintId<"attempt">(),
    keyTag: intent === null ? "" : deps.keyTagOf(claims.userId, intent.key),
    lockMs,
    leaseMs,
    activeUntilSeconds: claims.activeUntilSeconds,
  };
};

/**
 * Reserves seats for a user whose place is ACTIVE: all of them, or none.
 *
 * Outcomes, first that applies:
 * - `replayed`, `key-reused`  the key has a stored answer; checked before the queue
 * - `not-active`, `ended`     the place still waits, or has ended
 * - `date-not-found`          no such date, or the show has begun
 * - `key-in-progress`         the first request with the key still runs
 * - `seats-unavailable`       another request is reserving one of the seats; the client may ask again
 * - then as `decideReserve`: `already-held`, `seat-limit-exceeded`, `seats-unavailable`, `reserved`
 *
 * Throws Unavailable when a store is away that is needed. The seat locks are released in any case. With
 * `reserved`, the slot lasts as long as the hold.
 */
export const reserveSeats =
  (deps: ReserveSeatsDeps) =>
  async (command: ReserveSeats): Promise<ReserveSeatsOutcome> => {
    const stored = await findKeyOutcome(deps, command);
    if (stored) return stored;

    const attempt = makeAttempt(deps, command);
    const refused = showsTaken(deps, attempt) ? await refuseTaken(deps, attempt) : null;
    if (refused) return (await findKeyOutcome(deps, command)) ?? refused;

    const entered = await deps.queueGate.enter(attempt);
    const refusal = refuseEntry(deps, command.claims, entered);
    if (refusal?.kind === "seats-unavailable" || refusal?.kind === "key-in-progress") {
      const found = await findShow(deps, attempt.concertId, attempt.date);
      if (!found) return { kind: "date-not-found" };
    }
    // The first request with the key may have been answered since. Then its answer counts, not the refusal.
    if (refusal) return (await findKeyOutcome(deps, command)) ?? refusal;

    let outcome: ReserveOutcome | null = null;
    try {
      outcome = await decide(deps, command, attempt);
      return outcome;
    } finally {
      await releaseLocks(deps, attempt, outcome);
    }
  };
