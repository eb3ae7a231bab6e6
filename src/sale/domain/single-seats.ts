/** Whether the seat is free and its neighbours in the row are not. `isFree` is false beyond the row's ends. */
export const isSingle = (isFree: (index: number) => boolean, index: number): boolean =>
  isFree(index) && !isFree(index - 1) && !isFree(index + 1);

/** The lengths of the runs of free seats in a row. */
const freeRuns = (free: readonly boolean[]): readonly number[] => {
  const runs: number[] = [];
  let length = 0;
  for (const isFree of [...free, false]) {
    if (isFree) length += 1;
    else if (length > 0) runs.push(length);
    if (!isFree) length = 0;
  }
  return runs;
};

/**
 * Whether some `count` free seats of the row can be taken without creating a single seat. All but one seat of a
 * run of two or more always leave one; any other number can be taken from its end.
 */
const canAvoidSingles = (free: readonly boolean[], count: number): boolean => {
  let reachable = new Set([0]);
  for (const length of freeRuns(free)) {
    const next = new Set<number>();
    for (const sum of reachable) {
      for (let taken = 0; taken <= Math.min(length, count - sum); taken += 1) {
        if (taken !== length - 1 || length === 1) next.add(sum + taken);
      }
    }
    reachable = next;
  }
  return reachable.has(count);
};

/**
 * The single seats that a choice in one row creates: free seats whose neighbours in the row are taken, blocked or
 * the row's end, on both sides, and were not before. None when every choice of as many free seats of the row would
 * create one, side by side or not.
 *
 * `free`: one element a seat of the row, before the choice. `chosen` and the result: indexes of it, ascending.
 * Cost: O(seats of the row × chosen).
 */
export const singlesCreated = (
  free: readonly boolean[],
  chosen: readonly number[],
): readonly number[] => {
  const taken = new Set(chosen);
  const wasFree = (index: number): boolean => free[index] === true;
  const isFree = (index: number): boolean => wasFree(index) && !taken.has(index);
  const created = [...free.keys()].filter(
    (index) => isSingle(isFree, index) && !isSingle(wasFree, index),
  );
  return created.length > 0 && canAvoidSingles(free, chosen.length) ? created : [];
};
