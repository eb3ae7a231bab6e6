import type { Client, Failure } from "./client.ts";
import { readQueueStatus, type QueueStatus } from "./generated/index.ts";
import type { listen } from "./listen.ts";
import { defaultPatience, pause, waitMs } from "./wait.ts";

export interface WatchOptions {
  readonly concertId: string;
  /** The queue token; the newest one is used from then on. */
  readonly token: string;
  readonly signal: AbortSignal;
  /** Told of each status, as it comes. */
  readonly onStatus: (status: QueueStatus) => void;
  /** Told when the queue cannot be asked, and when it is asked next; a status ends it. */
  readonly onTrouble?: (failure: Failure, nextInMs: number) => void;
  /** Asked after each answer: `listen` to be pushed from then on, null to go on asking, as without it. */
  readonly push?: () => Promise<typeof listen | null>;
}

/** Where the server does not push, it is tried again so much later. */
const pushPauseMs = 60_000;

/** Why watching ended: the signal, or a code that will not change by asking. */
export type WatchEnd =
  | { readonly kind: "aborted" }
  | { readonly kind: "refused"; readonly failure: Failure };

const isHopeless = ({ status, code }: Failure): boolean =>
  code !== "NO_ANSWER" && status < 500 && status !== 429;

/**
 * Watches a place until the signal is aborted or the server refuses the token for good. Statuses come
 * by push where `push` says so and the server can, else by asking as often as the server wants; a
 * broken connection is tried again for ever, with growing, uneven waits. Never rejects.
 */
export const watchPlace = async (client: Client, options: WatchOptions): Promise<WatchEnd> => {
  const { concertId, signal } = options;
  let { token } = options;
  let lastId = "";
  let askAtMs = 0;
  let pushAtMs = 0;
  let failures = 0;

  const take = (status: QueueStatus, id = ""): void => {
    token = status.token;
    lastId = id;
    askAtMs = Date.now() + status.pollAfterMs;
    failures = 0;
    if (!signal.aborted) options.onStatus(status);
  };

  /** Whether anything was pushed. */
  const isPushed = async (): Promise<boolean> => {
    if (signal.aborted || Date.now() < pushAtMs) return false;
    const hear = await options.push?.();
    if (hear == null) return false;
    if (await hear(client, { concertId, token, signal, lastId, onStatus: take })) return true;
    pushAtMs = Date.now() + pushPauseMs;
    return false;
  };

  while (!signal.aborted) {
    const given = { token, signal, patience: { triesMax: 1 } };
    const result = await client.call(readQueueStatus, { concertId }, given);
    if (signal.aborted) break;
    if (result.ok) {
      take(result.value);
      while (await isPushed()) {
        askAtMs = 0;
        // Everybody's stream may have broken at the same moment.
        await pause(200 + Math.random() * 2_000, signal);
      }
      await pause(askAtMs - Date.now(), signal);
      continue;
    }
    if (isHopeless(result)) return { kind: "refused", failure: result };
    failures += 1;
    const nextInMs = waitMs(defaultPatience, failures, result.retryAfterMs, Math.random());
    options.onTrouble?.(result, nextInMs);
    await pause(nextInMs, signal);
  }
  return { kind: "aborted" };
};
