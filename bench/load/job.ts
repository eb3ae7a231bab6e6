import type { Watched } from "../measure/processes.ts";

/** One load on one server: the message to the generator. */
export interface Job {
  readonly host: string;
  readonly port: number;
  /** A file of `writeRequests`. */
  readonly requestsFile: string;
  /** Number of the first request to send. */
  readonly first: number;
  /** At most this many requests are sent. */
  readonly countMax: number;
  /** After the last request of the file the first one follows again. */
  readonly cycle: boolean;
  readonly connections: number;
  /** Requests in flight on each connection. */
  readonly pipelining: number;
  /** Answered before this are not counted. */
  readonly warmupMs: number;
  /** No request goes out later than this after the warm-up. */
  readonly measureMs: number;
  /** The connection is given up when an answer takes longer. */
  readonly timeoutMs: number;
  /** Every answer's request number, status and body are written here, a line each. */
  readonly answersFile?: string;
  readonly watched: readonly Watched[];
}

export interface WatchedUse {
  readonly name: string;
  readonly totalMs: number;
  readonly mainThreadMs: number;
}

export interface JobResult {
  /** Answers within the measured time. */
  readonly answered: number;
  readonly measuredMs: number;
  /** How often each status came within the measured time. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Number of the first request that was not sent. */
  readonly next: number;
  /** Connections that broke, with what they said. */
  readonly failures: readonly string[];
  readonly failureCount: number;
  /** Pairs of a histogram in µs. */
  readonly latency: [number, number][];
  /** CPU time within the measured time; the generator's own is among them. */
  readonly used: readonly WatchedUse[];
  /** All cores together. */
  readonly idleMs: number;
  readonly stolenMs: number;
}
