import { readdirSync, readFileSync } from "node:fs";
import type { Answer } from "./client.ts";
import type { House } from "./server.ts";
import { pause } from "./start-gate.ts";

/** The measurements of the servers under load. */
export interface Strain {
  readonly answers: readonly Answer[];
  /** The most requests that one instance was answering at a time, of all samples. */
  readonly inFlightMax: number;
  /** The most that one instance's heap held, and what it held in the first sample. */
  readonly heapMaxBytes: number;
  readonly heapFirstBytes: number;
}

interface Sample {
  readonly inFlight: number;
  readonly heapBytes: number;
}

const sampleEveryMs = 100;

const figure = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);

const readSample = async (url: string): Promise<Sample> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return {
    inFlight: figure(text, "http_requests_in_flight"),
    heapBytes: figure(text, "nodejs_heap_size_used_bytes"),
  };
};

/**
 * Asks `perSecond` times a second for `durationMs`, however late the answers are, and samples every
 * instance's own figures meanwhile. Resolves when the last answer is in.
 */
export const strain = async (
  house: House,
  load: {
    readonly perSecond: number;
    readonly durationMs: number;
    ask(turn: number): Promise<Answer>;
  },
): Promise<Strain> => {
  const samples: Sample[] = [];
  let watching = true;
  const watcher = (async () => {
    while (watching) {
      samples.push(...(await Promise.all(house.instances.map(({ url }) => readSample(url)))));
      await pause(sampleEveryMs);
    }
  })();
  const asking: Promise<Answer>[] = [];
  const startedMs = performance.now();
  for (;;) {
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs >= load.durationMs) break;
    while (asking.length < (elapsedMs / 1000) * load.perSecond)
      asking.push(load.ask(asking.length));
    await pause(5);
  }
  const answers = await Promise.all(asking);
  watching = false;
  await watcher;
  return {
    answers,
    inFlightMax: Math.max(...samples.map((it) => it.inFlight)),
    heapMaxBytes: Math.max(...samples.map((it) => it.heapBytes)),
    heapFirstBytes: Math.max(...samples.slice(0, house.instances.length).map((it) => it.heapBytes)),
  };
};

/** How long an answer took, in ms. */
export const tookMs = ({ sentMs, answeredMs }: Answer): number => answeredMs - sentMs;

/** The value that this part of all values does not exceed. */
export const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? 0;

const parentOf = (pid: number): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "");
    return Number(fields.split(" ")[1]);
  } catch {
    return 0;
  }
};

/** The processes that this one has started and that are there. */
export const childrenOf = (pid: number): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === pid);

/** A process and everything that it has started. */
const family = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(family)];

/** Freezes a store as a stalled disk or a paused machine would: no process of it does anything. */
export const freeze = (pid: number): void => {
  // The parent first, so that it starts no child while its children are searched.
  process.kill(pid, "SIGSTOP");
  for (const one of family(pid)) process.kill(one, "SIGSTOP");
};

export const thaw = (pid: number): void => {
  for (const one of family(pid).reverse()) process.kill(one, "SIGCONT");
};
