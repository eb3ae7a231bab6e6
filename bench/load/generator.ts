import { closeSync, openSync, writeSync } from "node:fs";
import { openConnection } from "./connection.ts";
import type { Job, JobResult } from "./job.ts";
import { readRequests } from "./request-file.ts";
import { startTally } from "./tally.ts";

// The load generator, as a process of its own: one job after another over the IPC channel.

interface AnswerLog {
  keep(number: number, status: number, body: Buffer): void;
  close(): void;
}

/** Larger, answers kept for later would fill the memory between two writes. */
const linesMax = 4_096;

const answerLog = (file: string): AnswerLog => {
  const handle = openSync(file, "w");
  let lines: string[] = [];
  const flush = (): void => {
    writeSync(handle, lines.join(""));
    lines = [];
  };
  return {
    keep: (number, status, body) => {
      lines.push(`${number}\t${status}\t${body.toString("utf8")}\n`);
      if (lines.length >= linesMax) flush();
    },
    close: () => {
      flush();
      closeSync(handle);
    },
  };
};

/** The numbers and bytes of the requests that this job sends, in order, until the list is over. */
const sequence = (job: Job) => {
  const requests = readRequests(job.requestsFile);
  const last = job.cycle ? Infinity : requests.length;
  const end = Math.min(last, job.first + job.countMax);
  let cursor = job.first;
  return {
    position: () => cursor,
    next: (): { number: number; bytes: Buffer } | null => {
      if (cursor >= end) return null;
      const number = cursor;
      const bytes = requests[number % requests.length];
      if (bytes === undefined) return null;
      cursor += 1;
      return { number, bytes };
    },
  };
};

const run = async (job: Job): Promise<JobResult> => {
  const log = job.answersFile === undefined ? null : answerLog(job.answersFile);
  const requests = sequence(job);
  const watched = [...job.watched, { name: "generator", pid: process.pid }];
  const tally = startTally({ warmupMs: job.warmupMs, measureMs: job.measureMs, watched });
  const stopMs = performance.now() + job.warmupMs + job.measureMs;
  const { promise, resolve } = Promise.withResolvers<void>();
  let open = job.connections;
  const shift = {
    host: job.host,
    port: job.port,
    pipelining: job.pipelining,
    timeoutMs: job.timeoutMs,
    next: () => (performance.now() < stopMs ? requests.next() : null),
    answered: (number: number, status: number, body: Buffer, tookMs: number) => {
      log?.keep(number, status, body);
      tally.answered(status, tookMs);
    },
    broke: tally.broke,
    done: () => {
      open -= 1;
      if (open === 0) resolve();
    },
  };
  for (let index = 0; index < job.connections; index++) openConnection(shift);
  await promise;
  log?.close();
  return tally.result(requests.position());
};

process.on("message", (job: Job) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
