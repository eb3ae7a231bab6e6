import type { InstantMs } from "#kernel/instant.ts";
import type { EndedReason, PlaceMark } from "#kernel/place.ts";

/** The status of a place that has not ended. */
export type LivePlaceStatus =
  /** `position` counts from 1. For one live place it never rises within an epoch. */
  | { readonly kind: "waiting"; readonly place: PlaceMark; readonly position: number }
  /** The slot lapses at `expiresAtMs`. */
  | { readonly kind: "active"; readonly place: PlaceMark; readonly expiresAtMs: InstantMs };

/** The status of a place at the moment when the queue was read. */
export type PlaceStatus =
  | LivePlaceStatus
  | { readonly kind: "ended"; readonly reason: EndedReason };
