import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Job, JobResult } from "./job.ts";

/** The load generator as its starter sees it: one job at a time. */
export interface LoadGenerator {
  run(job: Job): Promise<JobResult>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("./generator.ts", import.meta.url));

/** Longer than any job, its slowest answers included; then something is stuck. */
const marginMs = 60_000;

const answerOf = async (child: ChildProcess, patienceMs: number): Promise<JobResult> => {
  const [message] = (await once(child, "message", {
    signal: AbortSignal.timeout(patienceMs),
  })) as [{ result?: JobResult; error?: string }];
  if (message.result === undefined) throw new Error(`load generator: ${message.error}`);
  return message.result;
};

/** Starts the generator's process; it ends with this one, however this one ends. */
export const startLoadGenerator = (): LoadGenerator => {
  const child = fork(program, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return {
    run: (job) => {
      const answer = answerOf(child, job.warmupMs + job.measureMs + job.timeoutMs + marginMs);
      child.send(job);
      return answer;
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
};
