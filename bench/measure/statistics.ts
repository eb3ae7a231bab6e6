/** The middle of what several rounds gave, and how far apart they were. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** (max - min) / median; 0 for one round. */
  readonly spread: number;
  readonly rounds: readonly number[];
}

/** The middle value; of an even number the mean of the two in the middle. Throws on none. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new RangeError("no values");
  return (upper + lower) / 2;
};

export const summarise = (values: readonly number[]): Summary => {
  const middle = median(values);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const spread = middle === 0 ? 0 : (max - min) / middle;
  return { median: middle, min, max, spread, rounds: values };
};

/** subject[i] / floor[i] of each round, summarised: what both shared in a round cancels out. */
export const ratios = (subject: readonly number[], floor: readonly number[]): Summary => {
  if (subject.length !== floor.length) throw new RangeError("every round needs its floor");
  return summarise(subject.map((value, round) => value / (floor[round] ?? Number.NaN)));
};

/** The value that a share of the values, above 0 and at most 1, does not exceed; NaN of none. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
