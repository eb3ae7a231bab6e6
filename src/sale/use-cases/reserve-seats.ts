import { whenThere, type MaybePromise } from "#kernel/maybe-promise.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import type { Intent } from "#kernel/idempotency.ts";
import type { QueueClaims } from "#kernel/place.ts";
import type { EnterOutcome, GateAttempt } from "#kernel/queue-gate.ts";
import { rowSpan, type SeatingPlan, type SeatSpan } from "#kernel/seating-plan.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { BestWish } from "../domain/best-seats.ts";
import type { KeyOutcome, Reserve, ReserveOutcome } from "../domain/commands.ts";
import { compareIntent } from "../domain/stored-answer.ts";
import type { Answers, BoxOffice } from "../ports/box-office.ts";
import type { SalePolicy } from "../ports/concerts-on-sale.ts";
import type { Outbox } from "../ports/outbox.ts";
import { findShow } from "./find-show.ts";
import {
  isActiveByToken,
  refuseEarly,
  seemsTaken,
  type EarlyRefusal,
  type UnnamedAttempt,
  type RefuseEarlyDeps,
} from "./refuse-early.ts";

export interface ReserveSeats {
  readonly claims: QueueClaims;
  readonly date: string;
  /** The plan of the concert. */
  readonly plan: SeatingPlan;
  /** Of the plan, none twice, in any order. None when the box office chooses. */
  readonly seatNumbers: readonly number[];
  readonly best?: BestWish | undefined;
  readonly intent: Intent | null;
}

export interface ReserveSeatsDeps extends RefuseEarlyDeps {
  readonly answers: Answers;
  readonly boxOffice: BoxOffice;
  readonly outbox: Outbox;
  readonly mintId: MintId;
  /** A digest of user id and idempotency key: Redis must not keep the text of a key. */
  keyTagOf(userId: UserId, key: string): string;
}

export type ReserveSeatsOutcome = EarlyRefusal;

/**
 * After this time the seat locks expire, when the instance died before it released them. Longer than the
 * 2,500 ms deadline of a command; short, because no other user can reserve the seats meanwhile.
 */
const lockMs = 4000;
/** The slot does not lapse within this time: twice the deadline of a command. */
const leaseMs = 5000;

/** The outcome that the stored answer of the key decides; null when there is none. */
const findKeyOutcome = (
  deps: ReserveSeatsDeps,
  { claims, intent }: ReserveSeats,
): MaybePromise<KeyOutcome | null> => {
  if (intent === null) return null;
  return deps.answers
    .find(claims.userId, intent.key)
    .then((stored) => stored && compareIntent(stored, intent));
};

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

/** The wish for seats that the box office chooses, with its plan. */
const bestOf = ({ best, plan }: ReserveSeats): Reserve["best"] => best && { wish: best, plan };

/** The rows in which the seats may leave no single one, by the policy. */
const rowsOf = (
  { singleSeats }: SalePolicy,
  { plan, best }: ReserveSeats,
  seatNumbers: readonly number[],
): readonly SeatSpan[] => {
  if (best !== undefined || singleSeats === "allowed") return [];
  const rows = seatNumbers.flatMap((seatNumber) => rowSpan(plan, seatNumber) ?? []);
  return rows.filter(
    ({ firstSeat }, index) => rows.findIndex((row) => row.firstSeat === firstSeat) === index,
  );
};

const decide = async (
  deps: ReserveSeatsDeps,
  command: ReserveSeats,
  attempt: GateAttempt,
): Promise<ReserveOutcome> => {
  const { claims, intent } = command;
  const found = await findShow(deps, claims.concertId, command.date);
  if (!found) return { kind: "date-not-found" };
  const { policy, currency } = found.concertOnSale;
  const reserve: Reserve = {
    kind: "reserve",
    reservationId: deps.mintId<"reservation">(),
    userId: claims.userId,
    concertId: claims.concertId,
    place: { epoch: claims.epoch, seq: claims.seq },
    date: command.date,
    seatNumbers: attempt.seatNumbers,
    best: bestOf(command),
    rows: rowsOf(policy, command, attempt.seatNumbers),
    holdSeconds: policy.holdSeconds,
    maxSeatsPerUser: policy.maxSeatsPerUser,
    maxSeatsPerReservation: policy.maxSeatsPerReservation,
    holdPolicy: policy,
    currency,
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

const makeAttempt = (deps: ReserveSeatsDeps, command: ReserveSeats): UnnamedAttempt => {
  const { claims, intent, date } = command;
  return {
    concertId: claims.concertId,
    userId: claims.userId,
    epoch: claims.epoch,
    seq: claims.seq,
    date,
    seatNumbers: command.seatNumbers.toSorted((a, b) => a - b),
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
 * - then as `decideReserve`: `already-held`, `seat-limit-exceeded`, `hold-limit`, `seats-unavailable`,
 *   `single-seat-left` (only where the policy refuses single seats, and not with `best`), `reserved`
 *
 * Throws Unavailable when a store is away that is needed. The seat locks are released in any case. With
 * `reserved`, the slot lasts as long as the hold.
 */
export const reserveSeats =
  (deps: ReserveSeatsDeps) =>
  async (command: ReserveSeats): Promise<ReserveSeatsOutcome> => {
    const finding = findKeyOutcome(deps, command);
    const stored = finding instanceof Promise ? await finding : finding;
    if (stored) return stored;

    const unnamed = makeAttempt(deps, command);
    const best = bestOf(command);
    const isTaken = seemsTaken(deps, unnamed, best);
    const refused = isTaken ? await refuseEarly(deps, unnamed, best) : null;
    if (refused) return whenThere(findKeyOutcome(deps, command), (first) => first ?? refused);

    const attempt = { ...unnamed, owner: deps.mintId<"attempt">() };
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
