import type { Client, Failure } from "./client.ts";
import { readQueueStatus, type QueueStatus } from "./generated/index.ts";
import type { listen } from "./listen.ts";
import { defaultRetry, pause, waitMs } from "./wait.ts";

export interface WatchOptions {
  readonly concertId: string;
  /** The queue token to begin with; each status brings a newer one. */
  readonly token: string;
  readonly signal: AbortSignal;
  /** Called with each status. */
  readonly onStatus: (status: QueueStatus) => void;
  /** Called after a poll that failed, with the wait before the next; the next status ends the trouble. */
  readonly onTrouble?: (failure: Failure, nextInMs: number) => void;
  /** Called after each poll. Returns `listen` to receive statuses by push, or null to keep polling. */
  readonly push?: () => Promise<typeof listen | null>;
}

/** Wait before the next attempt at push after one without a status. */
const pushPauseMs = 60_000;

/** Why watching ended: the signal aborted, or the server refused for good. */
export type WatchEnd =
  | { readonly kind: "aborted" }
  | { readonly kind: "refused"; readonly failure: Failure };

const isFinal = ({ status, code }: Failure): boolean =>
  code !== "NO_ANSWER" && status < 500 && status !== 429;

/**
 * Watches a place until the signal aborts or the server refuses the token for good. Statuses arrive by
 * push when `push` allows it and the server can, and else by polls at the interval that the server asks
 * for. After a failed poll it retries without end, with growing, random waits. Never rejects.
 */
export const watchPlace = async (client: Client, options: WatchOptions): Promise<WatchEnd> => {
  const { concertId, signal } = options;
  let { token } = options;
  let lastId = "";
  let pollAtMs = 0;
  let pushAtMs = 0;
  let failures = 0;

  const take = (status: QueueStatus, id = ""): void => {
    token = status.token;
    lastId = id;
    pollAtMs = Date.now() + status.pollAfterMs;
    failures = 0;
    if (!signal.aborted) options.onStatus(status);
  };

  /** Listens until the stream ends; true when a status arrived. */
  const isPushed = async (): Promise<boolean> => {
    if (signal.aborted || Date.now() < pushAtMs) return false;
    const listenNow = await options.push?.();
    if (listenNow == null) return false;
    if (await listenNow(client, { concertId, token, signal, lastId, onStatus: take })) return true;
    pushAtMs = Date.now() + pushPauseMs;
    return false;
  };

  while (!signal.aborted) {
    const given = { token, signal, retry: { triesMax: 1 } };
    const result = await client.call(readQueueStatus, { concertId }, given);
    if (signal.aborted) break;
    if (result.ok) {
      take(result.value);
      while (await isPushed()) {
        pollAtMs = 0;
        // All streams of an instance may have broken at the same moment.
        await pause(200 + Math.random() * 2_000, signal);
      }
      await pause(pollAtMs - Date.now(), signal);
      continue;
    }
    if (isFinal(result)) return { kind: "refused", failure: result };
    failures += 1;
    const nextInMs = waitMs(defaultRetry, failures, result.retryAfterMs, Math.random());
    options.onTrouble?.(result, nextInMs);
    await pause(nextInMs, signal);
  }
  return { kind: "aborted" };
};
