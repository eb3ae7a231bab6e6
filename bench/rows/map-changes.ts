import { quantile } from "../measure/statistics.ts";
import { arena } from "../test-bed/halls.ts";
import {
  ask,
  createConcert,
  joinAll,
  newUsers,
  openDoors,
  pause,
  untilActive,
  type SeatMapAnswer,
  type Show,
} from "../test-bed/setup.ts";
import { openTestBed, type Subject } from "../test-bed/test-bed.ts";
import { reserveRequest } from "./hot-seat.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const instances = 3;
/** A reader of its own asks each instance that often. */
const pollMs = 20;
/** Between two changes: no multiple or part of the age of a map, so that they meet it at any age. */
const betweenMs = 130;
const seenWithinMs = 10_000;

/** Follows the map of one instance. `heldAtMs`: by seat, the moment at which its letter H was read. */
const follow = (subject: Subject, { concertId, date }: Show, token: string) => {
  const path = `/api/v1/concerts/${concertId}/dates/${date}/seat-map`;
  const heldAtMs = new Map<number, number>();
  let isStopped = false;
  const read = async (query: string): Promise<string> => {
    const map = await ask<SeatMapAnswer>(subject, { method: "GET", path: path + query, token });
    const nowMs = performance.now();
    for (const [seatNumber, letter] of map.changes ?? []) {
      if (letter === "H" && !heldAtMs.has(seatNumber)) heldAtMs.set(seatNumber, nowMs);
    }
    return map.version;
  };
  const ended = (async () => {
    for (let version = await read(""); !isStopped; version = await read(`?since=${version}`))
      await pause(pollMs);
  })();
  // The failure shows when it is stopped.
  ended.catch(() => undefined);
  const stop = (): Promise<void> => {
    isStopped = true;
    return ended;
  };
  return { heldAtMs, stop };
};

/** Holds one seat after the other at the instances in turn. Returns the moment of each answer, by seat. */
const holdSeats = async (
  subjects: readonly Subject[],
  show: Show,
  tokens: readonly string[],
): Promise<Map<number, number>> => {
  const answeredAtMs = new Map<number, number>();
  for (const [index, token] of tokens.entries()) {
    const subject = subjects[index % subjects.length];
    if (subject === undefined) throw new RangeError("no instance");
    await ask(subject, reserveRequest(show, index + 1, token));
    answeredAtMs.set(index + 1, performance.now());
    await pause(betweenMs);
  }
  return answeredAtMs;
};

/** H2: a change of a seat, seen at all of three instances. */
export const mapChanges: Bench = {
  rows: ["H2"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const changes = context.scale.quick ? 50 : 300;
    const testBed = await openTestBed();
    try {
      const subjects = await Promise.all(
        Array.from({ length: instances }, () => testBed.startSubject()),
      );
      const [first] = subjects;
      if (first === undefined) throw new RangeError("no instance");
      const options = { dates: 1, policy: openDoors, seatingPlan: arena.plan() };
      const { concertId, shows } = await createConcert(testBed, first, options);
      const [show] = shows;
      if (show === undefined) throw new RangeError("a concert without a show");
      const users = newUsers(changes + instances);
      const tokens = await joinAll(testBed, context.load, first, { concertId, users });
      await untilActive(testBed, first, concertId, users.length);
      const readers = subjects.map((subject, n) => follow(subject, show, tokens[n] ?? ""));
      await pause(1_000);
      context.log(`H2: ${changes} seats are held`);
      const answeredAtMs = await holdSeats(subjects, show, tokens.slice(instances));
      const deadlineMs = performance.now() + seenWithinMs;
      const isAllSeen = (): boolean => readers.every(({ heldAtMs }) => heldAtMs.size === changes);
      while (!isAllSeen() && performance.now() < deadlineMs) await pause(pollMs);
      await Promise.all(readers.map(({ stop }) => stop()));
      const delays = readers.flatMap(({ heldAtMs }) =>
        [...answeredAtMs].map(([seat, atMs]) =>
          Math.max(0, (heldAtMs.get(seat) ?? Infinity) - atMs),
        ),
      );
      yield {
        row: "H2",
        title: `change of a seat seen at ${instances} instances, ${arena.seats.toLocaleString("en")} seats`,
        method: `${changes} users reserve a seat at the instances in turn. At each instance another user asks for the changes of the map every ${pollMs} ms. The figure is the time from the answer to the reservation until an instance shows the seat as held, over all instances; p50 ${Math.round(quantile(delays, 0.5))} ms, the slowest ${Math.round(quantile(delays, 1))} ms.`,
        subject: null,
        floor: null,
        ratio: null,
        targets: [
          {
            what: "seen, p99",
            value: quantile(delays, 0.99),
            unit: "ms",
            bound: 1_000,
            atLeast: false,
          },
        ],
        remarks: [],
        versions: testBed.versions,
      };
    } finally {
      await testBed.close();
    }
  },
};
