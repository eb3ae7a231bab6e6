import type { ReservationId, UserId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";
import { isEndedReason } from "../../admission/domain/place.ts";

/** What the database knows of a user's newest place. */
export interface RecordedPlace extends PlaceMark {
  readonly userId: UserId;
  readonly state:
    | { readonly kind: "ended"; readonly reason: EndedReason }
    | {
        readonly kind: "admitted";
        readonly activeUntilMs: InstantMs;
        /** The hold that carries the slot, if it lasts. */
        readonly hold: {
          readonly reservationId: ReservationId;
          readonly expiresAtMs: InstantMs;
        } | null;
      }
    /** Set aside: it lives, and its owner is served first when he comes back. */
    | { readonly kind: "skipped"; readonly hasBeenAdmitted: boolean };
}

/** The last thing that was written down of a user's places. */
export interface LastEntry extends PlaceMark {
  readonly kind: "ADMITTED" | "STEPPED_OVER" | "RETURNED" | EndedReason;
  /** Of an admission. */
  readonly activeUntilMs: InstantMs | null;
  /** Whether that place has ever been admitted. */
  readonly hasBeenAdmitted: boolean;
}

/** Everything that the database knows of one user in one line; something of it is there. */
export interface UserRecords {
  /** His furthest place that has ended. */
  readonly ended: (PlaceMark & { readonly reason: EndedReason }) | null;
  readonly lastEntry: LastEntry | null;
  /** A hold of his that lasts. */
  readonly hold: Extract<RecordedPlace["state"], { kind: "admitted" }>["hold"];
}

/**
 * The newest place that the database knows, and what became of it. An end that stands in the buyer's
 * mark is true even where the journal has not heard of it.
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
  if (lastEntry === null) throw new Error("nothing is recorded of a user");
  const { epoch, seq, kind, activeUntilMs, hasBeenAdmitted } = lastEntry;
  if (isEndedReason(kind)) return { epoch, seq, state: { kind: "ended", reason: kind } };
  if (kind === "ADMITTED") {
    const state = { kind: "admitted", activeUntilMs: activeUntilMs ?? 0, hold } as const;
    return { epoch, seq, state };
  }
  return { epoch, seq, state: { kind: "skipped", hasBeenAdmitted } };
};
