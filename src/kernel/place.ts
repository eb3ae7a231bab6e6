import type { ConcertId, UserId } from "./ids.ts";

/**
 * The identity of a place in the queue of one concert. `epoch` counts from 1 and grows whenever the
 * queue's store may have lost data; `seq` is the number of the place in its epoch, from 1.
 */
export interface PlaceMark {
  readonly epoch: number;
  readonly seq: number;
}

/** The claims of a verified queue token: the place of one user in the queue of one concert. */
export interface QueueClaims extends PlaceMark {
  readonly userId: UserId;
  readonly concertId: ConcertId;
  /** `jti`: the id of the place, opaque to clients. */
  readonly placeId: string;
  /** Epoch seconds until which the slot lasts; present when the token was issued to an ACTIVE user. */
  readonly activeUntilSeconds?: number;
}

/** Negative when `a` is before `b`, zero for the same place, positive when it is behind. */
export const comparePlaces = (a: PlaceMark, b: PlaceMark): number =>
  a.epoch - b.epoch || a.seq - b.seq;

/** The reason why a place has ended. */
export type EndedReason = "PAID" | "LEFT" | "LAPSED" | "SOLD_OUT" | "ENDED" | "CLOSED";
