/** How evenly users were admitted, compared with a rate. */
export interface Evenness {
  /** Admissions in the measured time over what the rate allows, less 1. */
  readonly deviation: number;
  /** The most admissions that any window of time had beyond rate · its length. */
  readonly excessMax: number;
}

/**
 * Judges the moments of all admissions, in ms, against a rate a second. The deviation is measured
 * over `measuredMs` from the end of the first second on, when the bucket that was full at the
 * beginning is empty; the excess over all windows, in one pass.
 */
export const judgeAdmissions = (
  momentsMs: readonly number[],
  perSecond: number,
  measuredMs: number,
): Evenness => {
  const sorted = momentsMs.toSorted((a, b) => a - b);
  const [first] = sorted;
  if (first === undefined) throw new RangeError("no user was admitted");
  const fromMs = first + 1_000;
  const counted = sorted.filter((at) => at >= fromMs && at < fromMs + measuredMs).length;
  const perMs = perSecond / 1_000;
  // A window from the i-th to the j-th admission has j - i + 1 of them in t[j] - t[i].
  let lowest = Infinity;
  let excessMax = 0;
  for (const [index, at] of sorted.entries()) {
    const level = index - perMs * (at - first);
    lowest = Math.min(lowest, level);
    excessMax = Math.max(excessMax, level - lowest + 1);
  }
  return { deviation: counted / (perMs * measuredMs) - 1, excessMax };
};
