import type { InstantMs } from "#kernel/instant.ts";
import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";
import type { DrawnRank } from "../../admission/domain/draw.ts";
import { isEndedReason, isLobbyPlace, seqAfterLobby } from "../../admission/domain/place.ts";

/** Something that happened to a place and was written down. */
export interface PlaceEntry extends PlaceMark {
  readonly kind: "ADMITTED" | "STEPPED_OVER" | "RETURNED" | EndedReason;
  readonly atMs: InstantMs;
  /** Of an admission: until when the slot was given. */
  readonly activeUntilMs: InstantMs | null;
}

/** Where a user's live place is, seen without counting as his asking. */
export type LivePlace =
  | { readonly kind: "lobby"; readonly place: PlaceMark }
  | { readonly kind: "waiting"; readonly place: PlaceMark; readonly position: number | null }
  /** Was absent when his turn came, and has not come back. */
  | { readonly kind: "skipped"; readonly place: PlaceMark }
  | { readonly kind: "active"; readonly place: PlaceMark; readonly expiresAtMs: InstantMs }
  | { readonly kind: "absent" };

export type PlaceEvent =
  | {
      readonly kind: "JOINED";
      /** Within a second; null when it was not noted. */
      readonly atMs: InstantMs | null;
      /** How many had got a place before, in the same life of the queue's store; null in a lobby. */
      readonly before: number | null;
    }
  | ({ readonly kind: "DRAWN"; readonly atMs: InstantMs } & Omit<DrawnRank, "drawnAtMs">)
  | {
      readonly kind: PlaceEntry["kind"];
      /** Null: it is over, but nobody noted when. */
      readonly atMs: InstantMs | null;
      readonly activeUntilMs: InstantMs | null;
    };

export interface PlaceHistory {
  readonly place: PlaceMark;
  /** `UNKNOWN`: neither living nor written down as ended; the queue may have lost it. */
  readonly status: "LOBBY" | "WAITING" | "AWAY" | "ACTIVE" | "ENDED" | "UNKNOWN";
  /** While WAITING: from 1. */
  readonly position: number | null;
  /** While ACTIVE. */
  readonly expiresAtMs: InstantMs | null;
  readonly endedReason: EndedReason | null;
  readonly events: readonly PlaceEvent[];
}

/** Everything that is known of one user in one line. */
export interface KnownPlaces {
  readonly entries: readonly PlaceEntry[];
  /** His furthest place that has ended. */
  readonly ended:
    | (PlaceMark & { readonly reason: EndedReason; readonly atMs: InstantMs | null })
    | null;
  /** Null while the queue's store is away. */
  readonly live: LivePlace | null;
  /** The queue's own end, after which nobody waits any more. */
  readonly final: "CLOSED" | "SOLD_OUT" | null;
}

/** What is known of one of his places beside that. */
export interface PlaceOrigin {
  /** The how manieth to join it was; null in a lottery's lobby, where nobody counts. */
  readonly number: number | null;
  readonly joinedAtMs: InstantMs | null;
  /** Null: not drawn, or not yet. */
  readonly drawn: DrawnRank | null;
}

/** The places that something is known of, oldest first. */
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

const nothing = { position: null, expiresAtMs: null, endedReason: null } as const;

const presentOf = (known: KnownPlaces, place: PlaceMark, noted: EndedReason | null): Present => {
  const { live, final } = known;
  const isLive = live !== null && live.kind !== "absent" && comparePlaces(live.place, place) === 0;
  if (isLive)
    switch (live.kind) {
      case "lobby":
        return { ...nothing, status: "LOBBY" };
      case "waiting":
        return { ...nothing, status: "WAITING", position: live.position };
      case "skipped":
        return { ...nothing, status: "AWAY" };
      case "active":
        return { ...nothing, status: "ACTIVE", expiresAtMs: live.expiresAtMs };
    }
  const endedReason = noted ?? (live === null ? null : final);
  return { ...nothing, status: endedReason === null ? "UNKNOWN" : "ENDED", endedReason };
};

/** What the buyer's row says of a place; who has a newer place has left the older one. */
const markedEnd = (ended: KnownPlaces["ended"], place: PlaceMark) => {
  const order = ended === null ? 1 : comparePlaces(place, ended);
  if (ended === null || order > 0) return null;
  return order === 0 ? ended : ({ reason: "LEFT", atMs: null } as const);
};

/** The how manieth to join a place was, from 1; null in a lottery's lobby, where nobody counts. */
export const joinNumber = (place: PlaceMark, mode: "fifo" | "lottery"): number | null => {
  if (mode === "fifo") return place.seq;
  return isLobbyPlace(place) ? null : place.seq - seqAfterLobby(0);
};

const beginning = ({ number, joinedAtMs, drawn }: PlaceOrigin): readonly PlaceEvent[] => {
  const before = number === null ? null : number - 1;
  const joined = { kind: "JOINED", atMs: joinedAtMs, before } as const;
  if (drawn === null) return [joined];
  const { drawnAtMs, ...rank } = drawn;
  return [joined, { kind: "DRAWN", atMs: drawnAtMs, ...rank }];
};

/** The story of one of the user's places, in the order in which it happened. */
export const placeHistoryOf = (
  known: KnownPlaces,
  place: PlaceMark,
  origin: PlaceOrigin,
): PlaceHistory => {
  const entries = known.entries.filter((entry) => comparePlaces(entry, place) === 0);
  const noted = entries.map(({ kind }) => kind).findLast(isEndedReason) ?? null;
  const marked = markedEnd(known.ended, place);
  const present = presentOf(known, place, noted ?? marked?.reason ?? null);
  const events: PlaceEvent[] = [
    ...beginning(origin),
    ...entries.map(({ kind, atMs, activeUntilMs }) => ({ kind, atMs, activeUntilMs })),
  ];
  const unnoted = noted === null ? present.endedReason : null;
  if (unnoted !== null)
    events.push({ kind: unnoted, atMs: marked?.atMs ?? null, activeUntilMs: null });
  return { place, ...present, events };
};
