import type { ConcertId } from "#kernel/ids.ts";

/**
 * The keys of a queue, in the order in which every script receives them.
 *
 * All of them carry the concert's id as hash tag, so that a cluster would keep them together. They have
 * no expiry while the queue goes on: the admission pass removes what is over, by the clock of Redis.
 */
export const queueKeyNames = [
  /** string: the epoch that this Redis lives in. */
  "epoch",
  /** string: the last number that was given in this epoch. */
  "seq",
  /** sorted set: user → score of the place. Nothing else is kept of a waiting user. */
  "waiting",
  /** hash: user → the user's newest place in the lobby of a lottery, where it is not number 1. */
  "lobby",
  /** sorted set: user → end of the slot's lease, epoch ms. */
  "active",
  /** hash: user → slot of a user who was admitted or skipped, see getSlot. */
  "slots",
  /** sorted set: user → score of the place; absent when the turn came, and away. */
  "skipped",
  /** sorted set: user → order of return; served before the queue. */
  "returned",
  /** sorted set: user → end of the hold that carries the slot, epoch ms. */
  "holding",
  /** set: users who have bought here. */
  "bought",
  /** hash: the rate limiter, the counters and the terms of the last pass. */
  "meta",
  /** hash: epoch second → admissions, for the last minute. */
  "minute",
  /** hash: user → place:reason of an end that the database does not have yet. */
  "ending",
  /** sorted set: journal entry → number, for entries that the database does not have yet. */
  "journal",
  /** hash: user → pollByMs:position of a user near the front: when to ask again by, and the position told. */
  "presence",
  /** sorted set: user → when the user took a seat, epoch ms, for those of the last seconds of a waiting list. */
  "taken",
] as const;

/** The keys of a concert's queue. The only builder of their names; an id is a UUID, so it has no braces. */
export const queueKeys = (concertId: ConcertId): readonly string[] =>
  queueKeyNames.map((name) => `queue:{${concertId}}:${name}`);

/** The lock of a seat while a request is taking it: a string that expires by itself. */
export const seatLockKey = (concertId: ConcertId, date: string, seatNumber: number): string =>
  `queue:{${concertId}}:lock:${date}:${seatNumber}`;
