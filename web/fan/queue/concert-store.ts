import { linkAbort } from "../../../sdk/abort.ts";
import type { Failure } from "../../../sdk/client.ts";
import { getConcert, readQueue, type Concert, type Queue } from "../../../sdk/generated/index.ts";
import { pause } from "../../../sdk/wait.ts";
import { api } from "../../shared/api.ts";
import { serverNowMs, syncClock } from "../../shared/clock.ts";
import { batch, signal } from "../../shared/signals.ts";

/** Why the server cannot be asked, and when the page asks again. */
export interface Interruption {
  readonly failure: Failure;
  /** By the server's clock, in epoch ms. */
  readonly againAtMs: number;
}

export const interruptionOf = (failure: Failure, ms: number): Interruption => ({
  failure,
  againAtMs: serverNowMs() + ms,
});

const queueMs = 5_000;

/** Opens the public state of a concert, the same for all users, and keeps it up to date until it is closed. */
export const openConcertStore = (concertId: string) => {
  const link = linkAbort();
  const store = {
    concertId,
    signal: link.signal,
    close: link.abort,
    concert: signal<Concert | null>(null),
    queue: signal<Queue | null>(null),
    outage: signal<Interruption | null>(null),
    isNotFound: signal(false),
    /** Polls also while the page is hidden, because the page joins when the sale opens. */
    pollsHidden: signal(false),
    async refreshQueue(): Promise<void> {
      const result = await api.call(readQueue, { concertId }, link);
      if (link.signal.aborted) return;
      if (!result.ok) {
        store.outage.value = interruptionOf(result, queueMs);
        return;
      }
      if (result.dateMs !== null) syncClock(result.dateMs, true);
      batch(() => {
        store.queue.value = result.value;
        if (store.concert.peek() !== null) store.outage.value = null;
      });
    },
  };
  const wake = (): void => {
    if (!document.hidden) void Promise.all([store.refreshQueue(), refreshConcert(store)]);
  };
  addEventListener("focus", wake, link);
  document.addEventListener("visibilitychange", wake, link);
  void pollQueue(store);
  return store;
};

export type ConcertStore = ReturnType<typeof openConcertStore>;

/** Reads title, dates, prices and limits of the concert again. */
export const refreshConcert = async (store: ConcertStore): Promise<void> => {
  const { concertId, concert, outage, isNotFound, signal: ended } = store;
  const once = { signal: ended, retry: { triesMax: 1 } };
  const result = await api.call(getConcert, { concertId }, once);
  if (ended.aborted) return;
  batch(() => {
    if (result.ok) {
      concert.value = result.value;
      outage.value = null;
    } else if (concert.peek() === null) {
      // 404, and 400 for text that is no id.
      isNotFound.value = result.status === 404 || result.status === 400;
      outage.value = interruptionOf(result, queueMs);
    }
  });
};

/** Time until the public state is read again, in ms: 5 s, or the moment when the sale opens. */
const nextReadMs = (queue: Queue | null): number => {
  const opensInMs = Date.parse(queue?.opensAt ?? "") - serverNowMs();
  if (opensInMs > 0) return Math.max(300, Math.min(opensInMs + 50, 30_000));
  return queueMs * (0.8 + Math.random() * 0.4);
};

/** Title, dates and prices are read again in each of so many rounds of the queue. */
const concertRounds = 12;

const pollQueue = async (store: ConcertStore): Promise<void> => {
  const { concert, queue, pollsHidden, signal: ended } = store;
  for (let rounds = 0; !ended.aborted; rounds += 1) {
    if (rounds % concertRounds === 0 || concert.peek() === null) void refreshConcert(store);
    if (!document.hidden || pollsHidden.peek() || queue.peek() === null) await store.refreshQueue();
    await pause(nextReadMs(concert.peek() && queue.peek()), ended);
  }
};
