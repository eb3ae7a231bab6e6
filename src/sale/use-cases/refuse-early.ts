import { whenThere, type MaybePromise } from "#kernel/maybe-promise.ts";
import type { Clock } from "#kernel/instant.ts";
import { comparePlaces, type QueueClaims } from "#kernel/place.ts";
import type { CheckActiveOutcome, GateAttempt, QueueGate } from "#kernel/queue-gate.ts";
import { isInHall } from "../domain/best-seats.ts";
import type { Reserve, ReserveOutcome } from "../domain/commands.ts";
import { mayHoldFromMs } from "../domain/hold-limit.ts";
import { geometryOf } from "../domain/seat-geometry.ts";
import { takenSeats } from "../domain/seat-map.ts";
import type { Buyers } from "../ports/buyers.ts";
import type { ConcertsOnSale, SalePolicy } from "../ports/concerts-on-sale.ts";
import type { SeatMapCache, TakenSeats } from "../ports/seat-maps.ts";
import { findShow, type FoundShow } from "./find-show.ts";

export interface RefuseEarlyDeps {
  readonly buyers: Buyers;
  readonly seatMaps: SeatMapCache;
  readonly takenSeats: TakenSeats;
  readonly concerts: ConcertsOnSale;
  readonly queueGate: QueueGate;
  readonly clock: Clock;
}

/** An attempt before it is named. Most attempts on a hot seat end without a name. */
export type UnnamedAttempt = Omit<GateAttempt, "owner">;

export type EarlyRefusal =
  | ReserveOutcome
  /** The place still waits. */
  | { readonly kind: "not-active" };

/** Whether the place is ACTIVE by its token alone. */
export const isActiveByToken = (
  { clock }: Pick<RefuseEarlyDeps, "clock">,
  activeUntilSeconds: QueueClaims["activeUntilSeconds"],
): boolean => clock.nowMs() < (activeUntilSeconds ?? 0) * 1000;

/** Whether the plan has no such grade or section, or the last seat map, which may be old, shows a seat as taken. */
export const seemsTaken = (
  { seatMaps }: RefuseEarlyDeps,
  attempt: UnnamedAttempt,
  best: Reserve["best"],
): boolean => {
  if (best !== undefined) return !isInHall(geometryOf(best.plan), best.wish);
  const maps = seatMaps.peek(attempt.concertId);
  const show = maps?.shows.find((one) => one.date === attempt.date);
  if (!maps || !show) return false;
  const { sold, held } = takenSeats(show, attempt.seatNumbers, maps.nowMs);
  return sold.length + held.length > 0;
};

/**
 * Checks the place with the queue. While the queue's store is away, the token and the database decide; `away`
 * when the token is not ACTIVE.
 */
const checkActive = async (
  deps: RefuseEarlyDeps,
  attempt: UnnamedAttempt,
): Promise<CheckActiveOutcome> => {
  const checked = await deps.queueGate.checkActive(attempt);
  if (checked.kind !== "away" || !isActiveByToken(deps, attempt.activeUntilSeconds)) return checked;
  const { ended, hasSeats } = await deps.buyers.get(attempt.userId, attempt.concertId);
  if (comparePlaces(attempt, ended) <= 0) return { kind: "ended" };
  return { kind: "active", holding: hasSeats, bought: hasSeats };
};

/** Whether the user may have too many holds without a payment, which is an earlier refusal. */
const mayBeLimited = (
  { buyers }: RefuseEarlyDeps,
  { userId, concertId }: UnnamedAttempt,
  { concertOnSale: { policy }, nowMs }: FoundShow,
): MaybePromise<boolean> => {
  if (policy.holdsPerUser === 0 && policy.holdCooldownSeconds === 0) return false;
  return buyers
    .get(userId, concertId)
    .then(
      ({ hasSeats, unpaidHolds }) => hasSeats || mayHoldFromMs(policy, unpaidHolds, nowMs) !== null,
    );
};

/** The refusal of taken seats, or of a wish for no seat of the plan; null: the seats are AVAILABLE. */
const findUnavailable = (
  deps: RefuseEarlyDeps,
  { concertId, date, seatNumbers }: UnnamedAttempt,
  best: Reserve["best"],
): MaybePromise<ReserveOutcome | null> => {
  if (best !== undefined) return { kind: "seats-unavailable", seatNumbers: [], available: 0 };
  return whenThere(
    deps.takenSeats.find({ concertId, date, seatNumbers }),
    (taken): ReserveOutcome | null =>
      taken.length === 0 ? null : { kind: "seats-unavailable", seatNumbers: taken },
  );
};

/** Whether the attempt asks for more seats than a user may have, which is an earlier refusal. */
const asksForTooMany = (
  { seatNumbers }: UnnamedAttempt,
  best: Reserve["best"],
  { maxSeatsPerReservation, maxSeatsPerUser }: SalePolicy,
): boolean =>
  (best?.wish.count ?? seatNumbers.length) > Math.min(maxSeatsPerReservation, maxSeatsPerUser);

/**
 * Refuses an attempt on a taken seat, or on none of the plan, without a lock and a transaction: on a hot seat
 * that is every attempt but one.
 *
 * Returns null when the attempt must go to the box office:
 * - the seats are AVAILABLE after all;
 * - the user has a hold or tickets, asks for too many seats, or has too many holds without a payment, so that
 *   an earlier refusal may apply;
 * - the queue's store is away and the token is not ACTIVE.
 */
export const refuseEarly = async (
  deps: RefuseEarlyDeps,
  attempt: UnnamedAttempt,
  best: Reserve["best"],
): Promise<EarlyRefusal | null> => {
  const checked = await checkActive(deps, attempt);
  if (checked.kind === "away") return null;
  if (checked.kind !== "active") return checked;
  const finding = findShow(deps, attempt.concertId, attempt.date);
  const found = finding instanceof Promise ? await finding : finding;
  if (!found) return { kind: "date-not-found" };
  if (found.concertOnSale.cancelledAtMs !== null) return { kind: "concert-cancelled" };
  const { policy } = found.concertOnSale;
  if (checked.holding || checked.bought || asksForTooMany(attempt, best, policy)) return null;
  const asking = findUnavailable(deps, attempt, best);
  const refused = asking instanceof Promise ? await asking : asking;
  if (refused === null) return null;
  return whenThere(mayBeLimited(deps, attempt, found), (isLimited) => (isLimited ? null : refused));
};
