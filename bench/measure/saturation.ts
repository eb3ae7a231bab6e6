import type { Round } from "./round.ts";
import { ratios, type Summary } from "./statistics.ts";

/** Below this share of the time the floor's server waited for another process: it could have answered faster. */
const saturatedShare = 0.95;

/** Whether the round shows the fastest that a floor can do. A floor without a server process always does. */
export const isSaturated = ({ serverBusy }: Pick<Round, "serverBusy">): boolean =>
  serverBusy === null || serverBusy >= saturatedShare;

/** Measures a round of a floor, and once more when it was not saturated. Returns the busier round of the two. */
export const saturatedRound = async (measure: () => Promise<Round>): Promise<Round> => {
  const first = await measure();
  if (isSaturated(first)) return first;
  const second = await measure();
  return (second.serverBusy ?? 1) >= (first.serverBusy ?? 1) ? second : first;
};

/** A ratio of rates, and whether it says something about the server. */
export interface JudgedRatio {
  readonly ratio: Summary;
  /** False: in half of the rounds or more the floor was not saturated, so the ratio is higher than it should be. */
  readonly counts: boolean;
}

/**
 * The ratio over the rounds with a saturated floor. Where those are half of the rounds or fewer, it is the ratio over all
 * rounds, and does not count. Throws when a round has no floor.
 */
export const judgeRatio = (subject: readonly Round[], floor: readonly Round[]): JudgedRatio => {
  if (subject.length !== floor.length) throw new RangeError("every round needs its floor");
  const pairs = subject.flatMap((own, index) => {
    const other = floor[index];
    return other === undefined ? [] : [{ own, other }];
  });
  const saturated = pairs.filter(({ other }) => isSaturated(other));
  const counts = saturated.length * 2 > pairs.length;
  const taken = counts ? saturated : pairs;
  const rates = ratios(
    taken.map(({ own }) => own.perSecond),
    taken.map(({ other }) => other.perSecond),
  );
  return { ratio: rates, counts };
};
