import type { UserId } from "#kernel/ids.ts";

export interface Person {
  readonly userId: UserId;
  readonly score: number;
}

/** Users in the order of their scores, equal ones by user id, as a sorted set of Redis keeps them. */
export interface SortedPeople {
  readonly size: number;
  scoreOf(userId: UserId): number | undefined;
  /** How many users are ahead; undefined for a user who is not here. O(log n). */
  rankOf(userId: UserId): number | undefined;
  /** O(log n) at the end, O(n) in between. */
  add(userId: UserId, score: number): void;
  remove(userId: UserId): boolean;
  takeFirst(count: number): readonly Person[];
  /** In order, from the first user behind `last`, who may be gone by now; null: from the front. */
  listBehind(last: Person | null, count: number): readonly Person[];
  /** How many have a score up to this one. O(log n). */
  countThrough(score: number): number;
  /** In order, from the user with `rank` users ahead. */
  listFrom(rank: number, count: number): readonly Person[];
  clear(): void;
}

export const sortedPeople = (): SortedPeople => {
  const scores = new Map<UserId, number>();
  let people: Person[] = [];

  const isBefore = (a: Person, b: Person): boolean =>
    a.score < b.score || (a.score === b.score && a.userId < b.userId);

  /** The index of the first user who is not ahead of this one. */
  const indexOf = (person: Person): number => {
    let low = 0;
    let high = people.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(people[middle] as Person, person)) low = middle + 1;
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
      return score === undefined ? undefined : indexOf({ userId, score });
    },
    add(userId, score) {
      scores.set(userId, score);
      people.splice(indexOf({ userId, score }), 0, { userId, score });
    },
    remove(userId) {
      const score = scores.get(userId);
      if (score === undefined) return false;
      scores.delete(userId);
      people.splice(indexOf({ userId, score }), 1);
      return true;
    },
    takeFirst(count) {
      const first = people.splice(0, count);
      for (const { userId } of first) scores.delete(userId);
      return first;
    },
    listBehind(last, count) {
      const at = last === null ? 0 : indexOf(last);
      const from = last !== null && people[at]?.userId === last.userId ? at + 1 : at;
      return people.slice(from, from + count);
    },
    countThrough: (score) => indexOf({ userId: "~" as UserId, score }),
    listFrom: (rank, count) => people.slice(rank, rank + count),
    clear() {
      scores.clear();
      people = [];
    },
  };
};
