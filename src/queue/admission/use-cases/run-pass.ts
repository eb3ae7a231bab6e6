import type { Clock } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { passTerms } from "../domain/admission.ts";
import type { EmptyQueues } from "../domain/empty-queues.ts";
import type { FinalState } from "../domain/queue-state.ts";
import type { Journal } from "../ports/journal.ts";
import type { PassReport, QueueStore } from "../ports/queue-store.ts";
import type { QueueSchedule, Sales } from "../ports/sales.ts";

export interface RunPassDeps {
  readonly store: Pick<QueueStore, "admit" | "getSnapshot" | "readJournal" | "trimJournal">;
  readonly journal: Journal;
  readonly sales: Pick<Sales, "stock">;
  readonly clock: Clock;
  readonly emptyQueues: Pick<EmptyQueues, "isPassDue" | "beginPass">;
  /** Hears how each queue is when a pass begins. */
  readonly sawFinal: (concertId: ConcertId, final: FinalState | null) => void;
  /** Brings a queue whose store has lost places, in this epoch, to what the database knows. */
  readonly rebuild: (concertId: ConcertId, epoch: number) => Promise<void>;
}

/** More passes in one tick would keep the instance from its other queues. */
const passesMax = 8;
const pagesMax = 8;
/** A larger insert would take more than a few ms of the database. */
const pageEntriesMax = 500;

const sumOf = (before: PassReport, report: PassReport): PassReport => ({
  atMs: report.atMs,
  admitted: before.admitted + report.admitted,
  skipped: before.skipped + report.skipped,
  lapsed: before.lapsed + report.lapsed,
  more: report.more,
  recovery: report.recovery,
  isEmpty: report.isEmpty,
});

/**
 * Runs one tick of a queue: admission passes until there is nothing more to do, at most 8, then the
 * journal is written to the database, and a queue that has lost places is rebuilt from it. Returns null without a
 * pass for a queue that is known to be empty, see `EmptyQueues`.
 *
 * Any number of instances may run it at any time: a pass is one atomic step, and an entry that two
 * instances write is written once. Throws Unavailable.
 */
export const runPass =
  (deps: RunPassDeps) =>
  async (schedule: QueueSchedule): Promise<PassReport | null> => {
    const { concertId } = schedule;
    const stock = await deps.sales.stock(concertId);
    const terms = passTerms({ ...schedule, stock, recovering: false }, deps.clock.nowMs());
    deps.sawFinal(concertId, terms.final);
    if (!deps.emptyQueues.isPassDue(concertId, terms)) return null;
    const endPass = deps.emptyQueues.beginPass(concertId, terms);
    let sum = await deps.store.admit(concertId, terms);
    for (let passes = 1; sum.more && passes < passesMax; passes += 1) {
      sum = sumOf(sum, await deps.store.admit(concertId, terms));
    }
    const lost = sum.recovery === "to-rebuild" ? await deps.store.getSnapshot(concertId) : null;
    const isFlushed = (sum.isEmpty && lost === null) || (await flushJournal(deps)(concertId));
    // First the database gets all that the store still has, so that the rebuild loses none of it.
    if (lost !== null && isFlushed) await deps.rebuild(concertId, lost.epoch);
    endPass(sum);
    return sum;
  };

/**
 * Writes the store's journal to the database, and trims it once that has committed: an instance that is
 * killed in between loses nothing. At most 8 pages. Returns whether that was all. Throws Unavailable.
 */
export const flushJournal =
  (deps: Pick<RunPassDeps, "store" | "journal">) =>
  async (concertId: ConcertId): Promise<boolean> => {
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const page = await deps.store.readJournal(concertId, pageEntriesMax);
      if (page === null) return true;
      for (const { queueEpoch, entries } of page.batches) {
        await deps.journal.write(concertId, queueEpoch, entries);
      }
      await deps.store.trimJournal(concertId, page);
    }
    return false;
  };
