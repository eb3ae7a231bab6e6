import type { ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";
import { isEndedReason } from "../../admission/domain/place.ts";

/** The newest place of a user that the database knows. */
export interface RecordedPlace extends PlaceMark {
  readonly userId: UserId;
  readonly state:
    | { readonly kind: "ended"; readonly reason: EndedReason }
    | {
        readonly kind: "admitted";
        readonly activeUntilMs: InstantMs;
        /** The hold that extends the slot, or null if none is live. */
        readonly hold: {
          readonly reservationId: ReservationId;
          readonly expiresAtMs: InstantMs;
        } | null;
      }
    /** Absent at its turn: the place is live, and the user is served first after coming back. */
    | { readonly kind: "skipped"; readonly hasBeenAdmitted: boolean };
}

/** The last entry of the journal about a user's places. */
export interface LastEntry extends PlaceMark {
  readonly kind: "ADMITTED" | "STEPPED_OVER" | "RETURNED" | EndedReason;
  /** The end of the slot, for an admission; otherwise null. */
  readonly activeUntilMs: InstantMs | null;
  /** Whether that place has ever been admitted. */
  readonly hasBeenAdmitted: boolean;
}

/** All that the database knows of one user in one queue. `ended` or `lastEntry` is set. */
export interface UserRecords {
  /** The newest place of the user that has ended. */
  readonly ended: (PlaceMark & { readonly reason: EndedReason }) | null;
  readonly lastEntry: LastEntry | null;
  /** A live hold of the user. */
  readonly hold: Extract<RecordedPlace["state"], { kind: "admitted" }>["hold"];
}

/**
 * Returns the newest place that the database knows, with its state.
 *
 * The ended mark of the buyer wins over a journal entry of the same or an older place, because the journal
 * may not have the end yet.
 *
 * Throws an Error when the database knows no place of the user.
 */
export const newestPlaceOf = ({
  ended,
  lastEntry,
  hold,
}: UserRecords): Omit<RecordedPlace, "userId"> => {
  if (ended !== null && (lastEntry === null || comparePlaces(lastEntry, ended) <= 0)) {
    const { epoch, seq, reason } = ended;
    return { epoch, seq, state: { kind: "ended", reason } };
  }
  if (lastEntry === null) throw new Error("the database has no place of the user");
  const { epoch, seq, kind, activeUntilMs, hasBeenAdmitted } = lastEntry;
  if (isEndedReason(kind)) return { epoch, seq, state: { kind: "ended", reason: kind } };
  if (kind === "ADMITTED") {
    const state = { kind: "admitted", activeUntilMs: activeUntilMs ?? 0, hold } as const;
    return { epoch, seq, state };
  }
  return { epoch, seq, state: { kind: "skipped", hasBeenAdmitted } };
};
