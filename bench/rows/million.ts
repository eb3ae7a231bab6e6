import { encodeRequest, writeRequests } from "../load/request-file.ts";
import { residentBytes } from "../measure/processes.ts";
import { alternate, figureOf, type Round } from "../measure/round.ts";
import { ratios } from "../measure/statistics.ts";
import { createConcert, joinAll, newFile, newUsers } from "../test-bed/setup.ts";
import { openQueueFiller, type QueueFiller } from "../test-bed/queue-filler.ts";
import { openTestBed, type TestBed, type Subject } from "../test-bed/test-bed.ts";
import { subjectRounds } from "./http-comparison.ts";
import { pollRequest } from "./polls.ts";
import type { Bench, Context, RowResult } from "./row.ts";
import { slowQueue } from "./tokens.ts";

/** Few enough that nothing queues: this row is about the time of one poll. */
const connections = 4;
const few = 1_000;
const askersMax = 20_000;
const megabyte = 2 ** 20;

/** A queue filled by the server's own script, and the polls of a part of its users. */
const openCrowd = async (
  context: Context,
  house: { testBed: TestBed; subject: Subject; queue: QueueFiller },
  count: number,
): Promise<{ concertId: string; round: () => Promise<Round> }> => {
  const { testBed, subject, queue } = house;
  const { concertId } = await createConcert(testBed, subject, { dates: 1, policy: slowQueue });
  // The first one joins over HTTP, so that the server has opened the queue.
  await joinAll(testBed, context.load, subject, { concertId, users: newUsers(1) });
  const kept = await queue.fill(concertId, count - 1);
  const users = kept.slice(0, askersMax);
  // A user who is in the queue already gets the token of the known place.
  const tokens = await joinAll(testBed, context.load, subject, { concertId, users });
  const requestsFile = newFile(testBed, "polls");
  writeRequests(
    requestsFile,
    tokens.map((token) => encodeRequest(pollRequest(concertId, token))),
  );
  const round = subjectRounds(context, {
    ...{ row: "B7", testBed, subject, requestsFile, connections },
    cycle: true,
    countPerRound: Number.MAX_SAFE_INTEGER,
    status: 200,
  });
  return { concertId, round };
};

const memoryRow = (
  testBed: TestBed,
  count: number,
  bytes: { used: number; resident: number; server: number },
): RowResult => ({
  row: "B6",
  title: `memory of the queue, ${count.toLocaleString("en")} waiting`,
  method: `Growth of Redis' used_memory while users join, divided by their number (its resident memory grew by ${Math.round(bytes.resident / count)} B each); the server's resident memory after it has answered their polls.`,
  subject: null,
  floor: null,
  ratio: null,
  targets: [
    { what: "a user", value: bytes.used / count, unit: "B", bound: 160, atLeast: false },
    { what: "server", value: bytes.server / megabyte, unit: "MB", bound: 250, atLeast: false },
  ],
  remarks: [],
  versions: testBed.versions,
});

const quantileRatio = (large: readonly Round[], small: readonly Round[], share: number): number => {
  const at = (rounds: readonly Round[]): number[] =>
    rounds.map(({ latency }) => latency?.quantile(share) ?? Number.NaN);
  return ratios(at(large), at(small)).median;
};

/** B6 and B7: a million users in one queue. */
export const million: Bench = {
  rows: ["B6", "B7"],
  async *run(context: Context): AsyncIterable<RowResult> {
    const count = context.scale.quick ? 50_000 : 1_000_000;
    const testBed = await openTestBed();
    const queue = await openQueueFiller(testBed);
    try {
      const subject = await testBed.startSubject(context.subject);
      const house = { testBed, subject, queue };
      const small = await openCrowd(context, house, few);
      context.log(`B6: ${count} users join`);
      const before = await queue.memory();
      const large = await openCrowd(context, house, count);
      const after = await queue.memory();
      context.log("B7: measuring");
      await small.round();
      await large.round();
      if (context.wants("B6")) {
        yield memoryRow(testBed, count, {
          used: after.used - before.used,
          resident: after.resident - before.resident,
          server: residentBytes(subject.pid),
        });
      }
      if (!context.wants("B7")) return;
      const found = await alternate(context.scale.rounds, small.round, large.round);
      const p50 = quantileRatio(found.subject, found.floor, 0.5);
      const p99 = quantileRatio(found.subject, found.floor, 0.99);
      yield {
        row: "B7",
        title: `poll latency at ${count.toLocaleString("en")} waiting`,
        method: `${connections} connections, against a queue of ${few.toLocaleString("en")} users in the same store in the same run; the figures are the ratios of p50 and of p99.`,
        subject: figureOf(`${count.toLocaleString("en")} waiting`, found.subject),
        floor: figureOf(`${few.toLocaleString("en")} waiting`, found.floor),
        ratio: null,
        targets: [
          { what: "p50", value: p50, unit: "×", bound: 1.2, atLeast: false },
          { what: "p99", value: p99, unit: "×", bound: 1.2, atLeast: false },
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
