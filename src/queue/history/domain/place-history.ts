import type { InstantMs } from "#kernel/instant.ts";
import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";
import type { DrawnRank } from "../../admission/domain/draw.ts";
import type { FinalState } from "../../admission/domain/queue-state.ts";
import { isEndedReason, isLobbyPlace, seqAfterLobby } from "../../admission/domain/place.ts";

/** A recorded event of a place. */
export interface PlaceEntry extends PlaceMark {
  readonly kind: "ADMITTED" | "STEPPED_OVER" | "RETURNED" | EndedReason;
  readonly atMs: InstantMs;
  /** ADMITTED: when the slot was to expire. */
  readonly activeUntilMs: InstantMs | null;
}

/** The live place of a user. Reading it does not count as a poll of the user. */
export type LivePlace =
  | { readonly kind: "lobby"; readonly place: PlaceMark }
  | { readonly kind: "waiting"; readonly place: PlaceMark; readonly position: number | null }
  /** The user was absent at the turn and has not returned. */
  | { readonly kind: "skipped"; readonly place: PlaceMark }
  | { readonly kind: "active"; readonly place: PlaceMark; readonly expiresAtMs: InstantMs }
  /** `queueEnd`: the places up to this one ended with the queue, which may have gone on since. */
  | {
      readonly kind: "absent";
      readonly queueEnd?: { readonly through: PlaceMark; readonly reason: FinalState };
    };

export type PlaceEvent =
  | {
      readonly kind: "JOINED";
      /** Exact to one second; null when it was not recorded. */
      readonly atMs: InstantMs | null;
      /** Places issued before it in the same epoch; null in a lobby. */
      readonly before: number | null;
    }
  | ({ readonly kind: "DRAWN"; readonly atMs: InstantMs } & Omit<DrawnRank, "drawnAtMs">)
  | {
      readonly kind: PlaceEntry["kind"];
      /** Null: the place has ended, but the time was not recorded. */
      readonly atMs: InstantMs | null;
      readonly activeUntilMs: InstantMs | null;
    };

export interface PlaceHistory {
  readonly place: PlaceMark;
  /** `UNKNOWN`: neither live nor recorded as ended; the queue may have lost the place. */
  readonly status: "LOBBY" | "WAITING" | "AWAY" | "ACTIVE" | "ENDED" | "UNKNOWN";
  /** From 1; null unless WAITING. */
  readonly position: number | null;
  /** Null unless ACTIVE. */
  readonly expiresAtMs: InstantMs | null;
  readonly endedReason: EndedReason | null;
  readonly events: readonly PlaceEvent[];
}

/** Everything that is known of one user in one queue. */
export interface KnownPlaces {
  readonly entries: readonly PlaceEntry[];
  /** The newest place of the user that has ended. */
  readonly ended:
    | (PlaceMark & { readonly reason: EndedReason; readonly atMs: InstantMs | null })
    | null;
  /** Null while the queue's store is unreachable. */
  readonly live: LivePlace | null;
  /** How the queue itself has ended. After it no user waits. */
  readonly final: FinalState | null;
}

/** How one of the user's places began. */
export interface PlaceOrigin {
  /** The number in the order of joining, from 1; null in the lobby of a lottery. */
  readonly number: number | null;
  readonly joinedAtMs: InstantMs | null;
  /** Null: not drawn. */
  readonly drawn: DrawnRank | null;
}

/** Returns every known place of the user once, oldest first. */
export const placesOf = ({ entries, ended, live }: KnownPlaces): readonly PlaceMark[] => {
  const marks: PlaceMark[] = [...entries];
  if (ended !== null) marks.push(ended);
  if (live !== null && live.kind !== "absent") marks.push(live.place);
  return marks
    .toSorted(comparePlaces)
    .filter((mark, index, all) => comparePlaces(mark, all[index - 1] ?? { epoch: 0, seq: 0 }) !== 0)
    .map(({ epoch, seq }) => ({ epoch, seq }));
};

type Present = Pick<PlaceHistory, "status" | "position" | "expiresAtMs" | "endedReason">;

const noDetails = { position: null, expiresAtMs: null, endedReason: null } as const;

/** The reason for which the queue has ended after it gave the place, or null. */
const queueEndOf = ({ live }: KnownPlaces, place: PlaceMark): FinalState | null => {
  const queueEnd = live?.kind === "absent" ? live.queueEnd : undefined;
  if (queueEnd === undefined) return null;
  return comparePlaces(place, queueEnd.through) <= 0 ? queueEnd.reason : null;
};

const presentOf = (known: KnownPlaces, place: PlaceMark, recorded: EndedReason | null): Present => {
  const { live, final } = known;
  const isLive = live !== null && live.kind !== "absent" && comparePlaces(live.place, place) === 0;
  if (isLive)
    switch (live.kind) {
      case "lobby":
        return { ...noDetails, status: "LOBBY" };
      case "waiting":
        return { ...noDetails, status: "WAITING", position: live.position };
      case "skipped":
        return { ...noDetails, status: "AWAY" };
      case "active":
        return { ...noDetails, status: "ACTIVE", expiresAtMs: live.expiresAtMs };
    }
  const endedReason = recorded ?? (live === null ? null : final) ?? queueEndOf(known, place);
  return { ...noDetails, status: endedReason === null ? "UNKNOWN" : "ENDED", endedReason };
};

/** Returns how a place ended by the buyer's row. A place older than the ended one was left. */
const endByBuyer = (ended: KnownPlaces["ended"], place: PlaceMark) => {
  const order = ended === null ? 1 : comparePlaces(place, ended);
  if (ended === null || order > 0) return null;
  return order === 0 ? ended : ({ reason: "LEFT", atMs: null } as const);
};

/**
 * Returns the number of a place in the order of joining, from 1. Returns null in the lobby of a lottery:
 * its order has no effect.
 */
export const joinNumber = (place: PlaceMark, mode: "fifo" | "lottery"): number | null => {
  if (mode === "fifo") return place.seq;
  return isLobbyPlace(place) ? null : place.seq - seqAfterLobby(0);
};

const firstEvents = ({ number, joinedAtMs, drawn }: PlaceOrigin): readonly PlaceEvent[] => {
  const before = number === null ? null : number - 1;
  const joined = { kind: "JOINED", atMs: joinedAtMs, before } as const;
  if (drawn === null) return [joined];
  const { drawnAtMs, ...rank } = drawn;
  return [joined, { kind: "DRAWN", atMs: drawnAtMs, ...rank }];
};

/** Returns the history of one of the user's places; its events are in order. */
export const placeHistoryOf = (
  known: KnownPlaces,
  place: PlaceMark,
  origin: PlaceOrigin,
): PlaceHistory => {
  const entries = known.entries.filter((entry) => comparePlaces(entry, place) === 0);
  const recorded = entries.map(({ kind }) => kind).findLast(isEndedReason) ?? null;
  const ended = endByBuyer(known.ended, place);
  const present = presentOf(known, place, recorded ?? ended?.reason ?? null);
  const events: PlaceEvent[] = [
    ...firstEvents(origin),
    ...entries.map(({ kind, atMs, activeUntilMs }) => ({ kind, atMs, activeUntilMs })),
  ];
  const unrecorded = recorded === null ? present.endedReason : null;
  if (unrecorded !== null)
    events.push({ kind: unrecorded, atMs: ended?.atMs ?? null, activeUntilMs: null });
  return { place, ...present, events };
};
