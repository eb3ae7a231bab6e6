import { judgeAdmissions } from "../measure/admission.ts";
import { createConcert, joinAll, newUsers, openDoors, operate } from "../stage/crowd.ts";
import { openQueue, type QueueStore } from "../stage/queue.ts";
import { openStage, type Stage } from "../stage/stage.ts";
import type { Bench, Context, RowResult } from "./row.ts";

const instances = 3;
const perSecond = 1_000;
const spareSeconds = 8;
/** The queue keeps an eye on so many at its front. */
const watchedMax = 20_000;
/** Enough seats that the stock never limits: shoppersPerSeat times seats is above all who wait. */
const dates = 4;

const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));

const admissionMoments = async (stage: Stage, concertId: string): Promise<number[]> => {
  const rows = await stage.sql<{ at_ms: number }>(
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
  queue: QueueStore,
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

/** B9: three instances let people in at a rate that is set. */
export const admissions: Bench = {
  rows: ["B9"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const seconds = context.scale.quick ? 10 : 60;
    const stage = await openStage();
    const queue = await openQueue(stage);
    try {
      const [first] = await Promise.all(
        Array.from({ length: instances }, () => stage.startSubject()),
      );
      if (first === undefined) throw new RangeError("no instance");
      const policy = { ...openDoors, admissionsPerMinute: perSecond * 60 };
      const { concertId } = await createConcert(stage, first, { dates, policy });
      const path = `/concerts/${concertId}/queue`;
      await operate(stage, first, { method: "POST", path: `${path}/pause`, body: {} });
      await pause(1_500);
      const waiting = (seconds + spareSeconds) * perSecond;
      context.say(`B9: ${waiting} people join`);
      await joinAll(stage, context.load, first, { concertId, users: newUsers(1) });
      const crowd = newUsers(waiting - 1);
      await queue.join(concertId, crowd);
      await operate(stage, first, { method: "POST", path: `${path}/resume`, body: {} });
      context.say(`B9: measuring for ${seconds} s`);
      await keepAsking(queue, concertId, crowd, seconds + 4);
      const moments = await admissionMoments(stage, concertId);
      const { deviation, excessMax } = judgeAdmissions(moments, perSecond, seconds * 1_000);
      yield {
        row: "B9",
        title: `admissions, ${instances} instances, ${perSecond.toLocaleString("en")}/s set, ${seconds} s`,
        method: `Read from the journal in the database, by the queue's own clock: the deviation from the rate after the first second, and the largest number of admissions of any window of time beyond rate · its length. ${moments.length.toLocaleString("en")} users were admitted meanwhile.`,
        subject: null,
        floor: null,
        ratio: null,
        reaches: [
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
        versions: stage.versions,
      };
    } finally {
      await queue.close();
      await stage.close();
    }
  },
};
