import type { Clock } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";
import { passTerms } from "../domain/admission.ts";
import type { RecordedPlace } from "../domain/recorded-place.ts";
import type { Journal, Recorded } from "../ports/durable.ts";
import type { QueueStore, PassReport } from "../ports/queue-store.ts";
import type { QueueSchedule, Sales } from "../ports/sales.ts";

export interface RunPassDeps {
  readonly store: Pick<QueueStore, "pass" | "figures" | "journal" | "confirm" | "rebuild">;
  readonly journal: Journal;
  readonly recorded: Recorded;
  readonly sales: Pick<Sales, "stock">;
  readonly clock: Clock;
}

/** More would let one line keep its instance from the others. */
const passesMax = 8;
const pagesMax = 8;
/** Larger, one insert would take more than a few ms of the database. */
const pageEntriesMax = 500;

/**
 * One tick of a concert's queue: admission passes until there is nothing left to do (bounded), then the
 * journal is written to the database; a queue that may have lost people gets back what the database knows
 * of them. Any number of instances may run it at any time: the pass is one
 * atomic step, and entries that two of them write are written once. Throws Unavailable.
 */
export const runPass =
  (deps: RunPassDeps) =>
  async (schedule: QueueSchedule): Promise<PassReport> => {
    const { concertId } = schedule;
    const stock = await deps.sales.stock(concertId);
    const terms = passTerms({ ...schedule, stock, recovering: false }, deps.clock.nowMs());
    let sum = await deps.store.pass(concertId, terms);
    for (let passes = 1; sum.more && passes < passesMax; passes += 1) {
      sum = add(sum, await deps.store.pass(concertId, terms));
    }
    const lost = sum.recovery === "to-rebuild" ? await deps.store.figures(concertId) : null;
    const isFlushed = await flushJournal(deps)(concertId);
    // What the store still remembers is in the database first, so that the database knows no less.
    if (lost !== null && isFlushed) await rebuildQueue(deps)(concertId, lost.epoch);
    return sum;
  };

const add = (before: PassReport, report: PassReport): PassReport => ({
  atMs: report.atMs,
  admitted: before.admitted + report.admitted,
  steppedOver: before.steppedOver + report.steppedOver,
  lapsed: before.lapsed + report.lapsed,
  more: report.more,
  recovery: report.recovery,
});

/**
 * Writes what the store has noted to the database, and lets the store forget it once that has
 * committed: an instance that is killed in between loses nothing. Answers whether that was all. Throws Unavailable.
 */
export const flushJournal =
  (deps: Pick<RunPassDeps, "store" | "journal">) =>
  async (concertId: ConcertId): Promise<boolean> => {
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const page = await deps.store.journal(concertId, pageEntriesMax);
      if (page === null) return true;
      for (const { queueEpoch, entries } of page.batches) {
        await deps.journal.write(concertId, queueEpoch, entries);
      }
      await deps.store.confirm(concertId, page);
    }
    return false;
  };

/** Brings a queue in this epoch to what the database knows of its people, page by page. */
const rebuildQueue =
  (deps: Pick<RunPassDeps, "store" | "recorded">) =>
  async (concertId: ConcertId, epoch: number): Promise<void> => {
    for (let after: UserId | null = null; ;) {
      const people: readonly RecordedPlace[] = await deps.recorded.page(
        concertId,
        after,
        pageEntriesMax,
      );
      const isLast = people.length < pageEntriesMax;
      const done = await deps.store.rebuild(concertId, people, isLast, epoch);
      // Lost again: the next pass begins anew.
      if (isLast || done === null) return;
      after = people.at(-1)?.userId ?? null;
    }
  };
