import type { ConcertId, UserId } from "./ids.ts";

/**
 * What identifies a place in one concert's queue: the epoch in which it was issued (from 1, raised
 * whenever the queue's store may have lost something) and its number in that epoch (from 1).
 */
export interface PlaceMark {
  readonly epoch: number;
  readonly seq: number;
}

/** The content of a genuine queue token: one user's place in one concert's queue. */
export interface QueueClaims extends PlaceMark {
  readonly userId: UserId;
  readonly concertId: ConcertId;
  /** `jti`: the id of the place, opaque to clients. */
  readonly placeId: string;
  /** Epoch seconds until which the slot lasts; present when the token was issued to somebody ACTIVE. */
  readonly activeUntilSeconds?: number;
}

/** Negative when `a` stands before `b`, zero for the same place, positive when it stands behind. */
export const comparePlaces = (a: PlaceMark, b: PlaceMark): number =>
  a.epoch - b.epoch || a.seq - b.seq;

/** Why a place is over. */
export type EndedReason = "PAID" | "LEFT" | "LAPSED" | "SOLD_OUT" | "CLOSED";
