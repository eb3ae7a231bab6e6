import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";

/**
 * The score of a place in the sorted set of its queue: a whole number that a double holds exactly.
 *
 * - Below 2^52: the draw values of a lottery's lobby. So every drawn place is ahead of every later one.
 * - 2^52 + epoch · 2^40 + seq: all other places. So a place of an older epoch is ahead of every newer one,
 *   and within an epoch the counter decides.
 */
export const drawBand = 2 ** 52;
export const seqSpan = 2 ** 40;

/**
 * In a lottery, places of the lobby have numbers up to this one, and later places have numbers above it. No
 * user joins a lobby so often.
 */
export const lateStart = 2 ** 32;

/** With a larger epoch, the score would leave the 53 bits of a double. Each loss of the store is an epoch. */
const epochMax = 2 ** 12 - 1;
/** A larger number would have the score of a place of the next epoch. */
const seqMax = seqSpan - 1;

/** The score of a place without a draw value. Throws RangeError on a place outside of the bands. */
export const scoreOf = ({ epoch, seq }: PlaceMark): number => {
  if (!isPlace(epoch, seq)) throw new RangeError("not a place of a queue");
  return drawBand + epoch * seqSpan + seq;
};

/** Whether a score is a draw value, which identifies no place. */
export const isDrawValue = (score: number): boolean => score < drawBand;

/** The number of the n-th place that a lottery gives after its lobby has closed. */
export const seqAfterLobby = (n: number): number => lateStart + n;

/** Whether a place of a lottery was given in its lobby. Means nothing in fifo. */
export const isLobbyPlace = ({ seq }: Pick<PlaceMark, "seq">): boolean => seq <= lateStart;

/** The place with a score from `scoreOf`. */
export const placeOf = (score: number): PlaceMark => ({
  epoch: Math.floor((score - drawBand) / seqSpan),
  seq: (score - drawBand) % seqSpan,
});

/** Whether the two numbers can identify a place: an epoch of 1 to 4095, and a number from 1 to 2^40 - 1. */
export const isPlace = (epoch: unknown, seq: unknown): boolean =>
  isCount(epoch, epochMax) && isCount(seq, seqMax);

const isCount = (value: unknown, max: number): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max;

/** The id of a place for clients (`jti`), to whom it is opaque. */
export const placeIdOf = ({ epoch, seq }: PlaceMark): string =>
  `${epoch.toString(36)}.${seq.toString(36)}`;

/** The reason why a place has ended, by the furthest ended place of its user; null: it has not ended. */
export const endedReasonOf = (
  place: PlaceMark,
  ended: (PlaceMark & { readonly reason: EndedReason }) | null,
): EndedReason | null => (ended !== null && comparePlaces(place, ended) <= 0 ? ended.reason : null);

const reasons: Readonly<Record<EndedReason, true>> = {
  PAID: true,
  LEFT: true,
  LAPSED: true,
  SOLD_OUT: true,
  ENDED: true,
  CLOSED: true,
};

/** Whether the word is a reason why a place ends. */
export const isEndedReason = (word: string): word is EndedReason => Object.hasOwn(reasons, word);
