import type { UserId } from "#kernel/ids.ts";

interface Person {
  readonly userId: UserId;
  readonly score: number;
}

/** People in the order of a score that is theirs alone, as a sorted set keeps them. */
export interface SortedPeople {
  readonly size: number;
  scoreOf(userId: UserId): number | undefined;
  /** How many stand before; undefined for who is not here. O(log n). */
  rankOf(userId: UserId): number | undefined;
  /** O(log n) behind everybody, O(n) in between. */
  add(userId: UserId, score: number): void;
  remove(userId: UserId): boolean;
  takeFirst(count: number): readonly Person[];
  clear(): void;
}

export const sortedPeople = (): SortedPeople => {
  const scores = new Map<UserId, number>();
  let people: Person[] = [];

  /** The index of the first person whose score is not below. */
  const indexOf = (score: number): number => {
    let low = 0;
    let high = people.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((people[middle]?.score ?? Infinity) < score) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get size() {
      return people.length;
    },
    scoreOf: (userId) => scores.get(userId),
    rankOf(userId) {
      const score = scores.get(userId);
      return score === undefined ? undefined : indexOf(score);
    },
    add(userId, score) {
      scores.set(userId, score);
      people.splice(indexOf(score), 0, { userId, score });
    },
    remove(userId) {
      const score = scores.get(userId);
      if (score === undefined) return false;
      scores.delete(userId);
      people.splice(indexOf(score), 1);
      return true;
    },
    takeFirst(count) {
      const first = people.splice(0, count);
      for (const { userId } of first) scores.delete(userId);
      return first;
    },
    clear() {
      scores.clear();
      people = [];
    },
  };
};
