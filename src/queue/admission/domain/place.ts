import { comparePlaces, type EndedReason, type PlaceMark } from "#kernel/place.ts";

/**
 * The score of a place in the sorted set of its queue: a whole number that a double holds exactly.
 *
 * Below 2^52 is kept for the draw values of a lottery's lobby, so everybody who was drawn stands
 * before everybody who joined later. Above it stands 2^52 + epoch · 2^40 + seq: who joined in an
 * older life of the store stands before all newcomers, and within one life the counter decides.
 */
export const drawBand = 2 ** 52;
export const seqSpan = 2 ** 40;

/**
 * In a lottery, who joins after the lobby gets numbers behind this one, and who joins the lobby numbers
 * before it: nobody leaves and comes back so often.
 */
export const lateStart = 2 ** 32;

/** Larger, the score would leave a double's 53 bits; an epoch is one loss of the store. */
const epochMax = 2 ** 12 - 1;
/** Larger, a place would be taken for one of the next epoch. */
const seqMax = seqSpan - 1;

/** The score of a place that was given by order of arrival. Throws on a place outside the bands. */
export const scoreOf = ({ epoch, seq }: PlaceMark): number => {
  if (!isPlace(epoch, seq)) throw new RangeError("not a place of a queue");
  return drawBand + epoch * seqSpan + seq;
};

/** Whether a score is a draw value, which names no place. */
export const isDrawValue = (score: number): boolean => score < drawBand;

/** The number of a lottery's place that was the n-th to be given after the lobby had closed. */
export const seqAfterLobby = (n: number): number => lateStart + n;

/** Whether a place of a lottery's queue was given in its lobby; in fifo the question makes no sense. */
export const isLobbyPlace = ({ seq }: Pick<PlaceMark, "seq">): boolean => seq <= lateStart;

/** The place that a score of `scoreOf` stands for. */
export const placeOf = (score: number): PlaceMark => ({
  epoch: Math.floor((score - drawBand) / seqSpan),
  seq: (score - drawBand) % seqSpan,
});

/** Whether the two numbers can identify a place: an epoch from 1 to 4095, a number from 1 below 2^40. */
export const isPlace = (epoch: unknown, seq: unknown): boolean =>
  isCount(epoch, epochMax) && isCount(seq, seqMax);

const isCount = (value: unknown, max: number): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max;

/** The id of a place as clients see it (`jti`): opaque to them, the place itself to us. */
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
  CLOSED: true,
};

/** Whether the word is one of the reasons for which a place ends. */
export const isEndedReason = (word: string): word is EndedReason => Object.hasOwn(reasons, word);
