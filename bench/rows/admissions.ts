import { judgeAdmissions } from "../measure/admission.ts";
import { createConcert, joinAll, newUsers, openDoors, operate, pause } from "../test-bed/setup.ts";
import { openQueueFiller, type QueueFiller } from "../test-bed/queue-filler.ts";
import { openTestBed, type TestBed } from "../test-bed/test-bed.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const instances = 3;
const perSecond = 1_000;
const spareSeconds = 8;
/** The queue watches the presence of this many users at its front. */
const watchedMax = 20_000;
/** Enough seats that the stock never limits: shoppersPerSeat times seats exceeds the number of waiting users. */
const dates = 4;

const admissionMoments = async (testBed: TestBed, concertId: string): Promise<number[]> => {
  const rows = await testBed.sql<{ at_ms: number }>(
    `select (extract(epoch from at) * 1000)::float8 as at_ms
     from queue_journal
     where concert_id = $1 and kind = 'ADMITTED'`,
    [concertId],
  );
  return rows.map((row) => row.at_ms);
};

/**
 * The queue skips absent users, so each user near its front asks every second: all users whose presence
 * the queue may keep and whose turn has not come yet.
 */
const keepAsking = async (
  queue: QueueFiller,
  concertId: string,
  crowd: readonly string[],
  seconds: number,
): Promise<void> => {
  const startedMs = performance.now();
  for (let second = 0; second < seconds; second++) {
    const from = second * perSecond;
    await queue.join(concertId, crowd.slice(from, from + watchedMax));
    await pause(Math.max(0, startedMs + (second + 1) * 1_000 - performance.now()));
  }
};

/** B9: three instances admit users at a configured rate. */
export const admissions: Bench = {
  rows: ["B9"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const seconds = context.scale.quick ? 10 : 60;
    const testBed = await openTestBed();
    const queue = await openQueueFiller(testBed);
    try {
      const [first] = await Promise.all(
        Array.from({ length: instances }, () => testBed.startSubject()),
      );
      if (first === undefined) throw new RangeError("no instance");
      const policy = { ...openDoors, admissionsPerMinute: perSecond * 60 };
      const { concertId } = await createConcert(testBed, first, { dates, policy });
      const path = `/concerts/${concertId}/queue`;
      await operate(testBed, first, { method: "POST", path: `${path}/pause`, body: {} });
      await pause(1_500);
      const waiting = (seconds + spareSeconds) * perSecond;
      context.log(`B9: ${waiting} users join`);
      await joinAll(testBed, context.load, first, { concertId, users: newUsers(1) });
      const crowd = newUsers(waiting - 1);
      await queue.join(concertId, crowd);
      await operate(testBed, first, { method: "POST", path: `${path}/resume`, body: {} });
      context.log(`B9: measuring for ${seconds} s`);
      await keepAsking(queue, concertId, crowd, seconds + 4);
      const moments = await admissionMoments(testBed, concertId);
      const { deviation, excessMax } = judgeAdmissions(moments, perSecond, seconds * 1_000);
      yield {
        row: "B9",
        title: `admissions, ${instances} instances, ${perSecond.toLocaleString("en")}/s set, ${seconds} s`,
        method: `Read from the journal in the database, by the queue's own clock: the deviation from the rate after the first second, and the largest number of admissions of any window of time beyond rate · its length. ${moments.length.toLocaleString("en")} users were admitted meanwhile.`,
        subject: null,
        floor: null,
        ratio: null,
        targets: [
          {
            what: "deviation",
            value: Math.abs(deviation) * 100,
            unit: "%",
            bound: 0.5,
            atLeast: false,
          },
          {
            what: "excess",
            value: excessMax / perSecond,
            unit: "s",
            bound: 1,
            atLeast: false,
          },
        ],
        remarks: [],
        versions: testBed.versions,
      };
    } finally {
      await queue.close();
      await testBed.close();
    }
  },
};
