import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, ReservationId, UserId } from "#kernel/ids.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";
import type { Log } from "#platform/log.ts";
import type { QueueStore } from "../ports/queue-store.ts";
import type { CarriedHold, SeatGate } from "../ports/seat-gate.ts";
import {
  glanceAtGate,
  passGate,
  type GateAttempt,
  type GlanceAt,
  type GlancedOutcome,
  type PassGateDeps,
  type PassGateOutcome,
} from "../use-cases/pass-gate.ts";

/** The gate in front of the seats, as the sale asks for it. */
export interface QueueGate {
  enter(attempt: GateAttempt): Promise<PassGateOutcome>;
  /** As `enter` says of the place, with nothing locked. */
  glance(place: GlanceAt): Promise<GlancedOutcome>;
  /** Never throws. Whether it was done: what was not ends by itself or is told again. */
  settle(
    attempt: GateAttempt,
    hold: { readonly reservationId: ReservationId; readonly expiresAtMs: InstantMs } | null,
  ): Promise<boolean>;
}

/** What the queue is told after a commit of the sale. Applying one twice changes nothing. Throws Unavailable. */
export interface QueueEvents {
  holdCarried(hold: CarriedHold): Promise<void>;
  holdCleared(hold: Pick<CarriedHold, "concertId" | "userId" | "reservationId">): Promise<void>;
  placeEnded(
    news: {
      readonly concertId: ConcertId;
      readonly userId: UserId;
      readonly reason: EndedReason;
    } & PlaceMark,
  ): Promise<void>;
}

export interface QueueGateDeps extends PassGateDeps {
  readonly store: Pick<QueueStore, "look" | "restore" | "end">;
  readonly gate: SeatGate;
  readonly log: Log;
}

/** The queue's side of the sale. */
export const queueGateOf = (
  deps: QueueGateDeps,
): { readonly queueGate: QueueGate; readonly news: QueueEvents } => ({
  queueGate: {
    enter: passGate(deps),
    glance: glanceAtGate(deps),
    async settle(attempt, hold) {
      try {
        await deps.gate.settle(attempt, hold);
        return true;
      } catch (error) {
        // The locks expire by themselves, and the outbox tells of the hold again.
        deps.log.warn({ err: error, concertId: attempt.concertId }, "a seat gate was not settled");
        return false;
      }
    },
  },
  news: {
    holdCarried: (hold) => deps.gate.carry(hold),
    holdCleared: (hold) => deps.gate.clear(hold),
    async placeEnded({ concertId, userId, epoch, seq, reason }) {
      await deps.store.end(concertId, userId, { epoch, seq }, reason);
    },
  },
});
