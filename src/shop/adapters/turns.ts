import { Unavailable } from "#kernel/unavailable.ts";
import { limitConcurrency } from "#platform/concurrency-limit.ts";
import { pendingCalls } from "#platform/pending-calls.ts";

/** Connections that the shop uses for transactions: a rush for one product must leave others to the sale of seats. */
const transactionsMax = 4;

/** From arrival to Unavailable: leaves time to answer 503 within 3 s, as in the box office. */
const deadlineMs = 2_500;

export interface Turns {
  /**
   * Runs the work when fewer than four others run, in order of arrival. Throws Unavailable when it has no answer in
   * time; work that has not begun by then never begins. The server's limit of requests in flight bounds the number.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Refuses new work and resolves when all earlier work has its answer. */
  close(): Promise<void>;
}

export const openTurns = (options: { monotonicMs(): number }): Turns => {
  const limit = limitConcurrency(transactionsMax);
  const calls = pendingCalls<null, unknown>({ deadlineMs, monotonicMs: options.monotonicMs });
  return {
    async run<T>(work: () => Promise<T>): Promise<T> {
      if (calls.isClosed()) throw new Unavailable("shutting down");
      const { call, answer } = calls.add(null);
      void limit(async () => {
        if (call.isAnswered()) return;
        await work().then(call.resolve, call.reject);
      });
      // The answer is that of this work.
      return (await answer) as T;
    },
    close: () => calls.close(),
  };
};
