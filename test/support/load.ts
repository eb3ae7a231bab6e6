import type { Answer } from "./client.ts";
import type { Deployment } from "./server.ts";
import { assertWithin, sleep } from "./concurrency.ts";

/** The measurements of the servers under load. */
export interface LoadReport {
  readonly answers: readonly Answer[];
  /** The most requests in flight on one instance, of all samples. */
  readonly inFlightMax: number;
  /** The largest heap of an instance, of all samples. */
  readonly heapMaxBytes: number;
  /** The largest heap in the first sample. */
  readonly heapFirstBytes: number;
}

interface Sample {
  readonly inFlight: number;
  readonly heapBytes: number;
}

const sampleEveryMs = 100;

const metricIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);

const readSample = async (url: string): Promise<Sample> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return {
    inFlight: metricIn(text, "http_requests_in_flight"),
    heapBytes: metricIn(text, "nodejs_heap_size_used_bytes"),
  };
};

/**
 * Sends `perSecond` requests a second for `durationMs`, without waiting for answers (an open load), and
 * samples the metrics of every instance meanwhile. Resolves with the last answer.
 */
export const applyLoad = async (
  deployment: Deployment,
  load: {
    readonly perSecond: number;
    readonly durationMs: number;
    send(turn: number): Promise<Answer>;
  },
): Promise<LoadReport> => {
  const samples: Sample[] = [];
  let sampling = true;
  const sampler = (async () => {
    while (sampling) {
      samples.push(...(await Promise.all(deployment.instances.map(({ url }) => readSample(url)))));
      await sleep(sampleEveryMs);
    }
  })();
  const sent: Promise<Answer>[] = [];
  const startedMs = performance.now();
  for (;;) {
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs >= load.durationMs) break;
    while (sent.length < (elapsedMs / 1000) * load.perSecond) sent.push(load.send(sent.length));
    await sleep(5);
  }
  const answers = await Promise.all(sent);
  sampling = false;
  await sampler;
  return {
    answers,
    inFlightMax: Math.max(...samples.map((it) => it.inFlight)),
    heapMaxBytes: Math.max(...samples.map((it) => it.heapBytes)),
    heapFirstBytes: Math.max(
      ...samples.slice(0, deployment.instances.length).map((it) => it.heapBytes),
    ),
  };
};

/** The time from sending a request to its answer. */
/** The longest that a call may take, whatever happens to the stores, in ms. Source: `docs/invariants.md`. */
export const answeredWithinMs = 3_000;

export const latencyMs = ({ sentMs, answeredMs }: Answer): number => answeredMs - sentMs;

/** Fails if the answer came later than any call may take. Returns the answer. */
export const assertInTime = (answer: Answer): Answer => {
  assertWithin(latencyMs(answer), answeredWithinMs, `${answer.asked.path} ${answer.text}`);
  return answer;
};

/** The smallest value that is not exceeded by this share (0 to 1) of the values. */
export const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? 0;
