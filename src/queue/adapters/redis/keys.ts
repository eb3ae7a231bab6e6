import type { ConcertId } from "#kernel/ids.ts";

/**
 * The keys of a queue, in the order in which every script receives them.
 *
 * All of them carry the concert's id as hash tag, so that they live in one slot of a cluster. They
 * have no expiry while the queue goes on: what must end is ended by the pass, on the store's clock.
 */
export const queueKeyNames = [
  /** string: the epoch this store lives in. */
  "epoch",
  /** string: the last number given in this epoch. */
  "seq",
  /** sorted set: user → score of the place. All that is kept of a waiting person. */
  "waiting",
  /** hash: user → his newest place of a lottery's lobby, unless it is the first one that everybody has. */
  "lobby",
  /** sorted set: user → when the lease of the slot is over, epoch ms. */
  "active",
  /** hash: user → what is kept of somebody who has been admitted. */
  "slots",
  /** sorted set: user → score; admitted once, did not come, is away. */
  "aside",
  /** sorted set: user → order of return; served first. */
  "returned",
  /** sorted set: user → when his hold is over, epoch ms. */
  "holding",
  /** set: users who have bought here. */
  "bought",
  /** hash: the bucket and the counters. */
  "meta",
  /** hash: epoch second → admissions, for the last minute. */
  "minute",
  /** hash: user → place:reason of ends that the database does not have yet. */
  "ending",
  /** sorted set: entry → number, of what the database does not have yet. */
  "journal",
  /** hash: user → askBy:told, of who waits near the front: when he will be missed, and his position. */
  "present",
] as const;

/** The keys of a concert's queue. The only builder of their names; an id is a UUID, so it has no braces. */
export const queueKeys = (concertId: ConcertId): readonly string[] =>
  queueKeyNames.map((name) => `queue:{${concertId}}:${name}`);

/** The lock of a seat while a request is taking it: a string that expires by itself. */
export const seatLockKey = (concertId: ConcertId, date: string, seatNumber: number): string =>
  `queue:{${concertId}}:lock:${date}:${seatNumber}`;
