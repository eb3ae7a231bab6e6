import type { MintId } from "#kernel/ids.ts";
import { periodic, type Periodic } from "#platform/periodic.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import type { SaleObserver } from "../../ports/observer.ts";
import type { PgOutbox } from "./outbox.ts";
import { sweep } from "./sweeper.ts";

type DueJob = "sweep" | "outbox";

/**
 * Returns the jobs that have work: a hold that has lapsed, a row in the outbox, a cancelled concert that is not refunded.
 * One statement, in place of six commands while there is none. It reads the first row of each, and all concerts.
 */
export const findDueJobs = async (
  database: Queryable,
): Promise<readonly (DueJob | "refunds")[]> => {
  // A comparison with the clock in `where` would read all holds, because no index serves a volatile function.
  const rows = await database.query<{ job: DueJob | "refunds" }>({
    name: "sale-due-jobs",
    text: `
      select job
      from (values
        ('sweep', (select min(expires_at) from reservation where status = 'HELD') <= clock_timestamp()),
        ('outbox', (select min(outbox_id) from outbox) is not null),
        ('refunds', exists (select from concert where cancelled_at is not null and refunded_at is null))
      ) as jobs (job, is_due)
      where is_due`,
  });
  return rows.map(({ job }) => job);
};

/**
 * Makes lapsed holds visible, delivers the rows of the outbox, and lets the refunds of cancelled concerts begin, each when
 * there are any.
 */
export const dueJobs = (options: {
  readonly database: Database;
  readonly mintId: MintId;
  readonly observer: Pick<SaleObserver, "swept" | "outboxDelivered">;
  readonly outbox: Pick<PgOutbox, "deliverPending">;
  readonly everyMs: number;
  readonly lateMs: number;
  onError(job: string, error: unknown): void;
  onRefundsDue(): void;
}): Periodic => {
  const { database, observer, outbox } = options;
  const jobs: Readonly<Record<DueJob, () => Promise<"more" | "done">>> = {
    async sweep() {
      const { sweptCount, more } = await sweep(options);
      if (sweptCount > 0) observer.swept(sweptCount);
      return more ? "more" : "done";
    },
    async outbox() {
      const { deliveredCount, waitingCount, more } = await outbox.deliverPending();
      observer.outboxDelivered(deliveredCount, waitingCount);
      return more ? "more" : "done";
    },
  };
  return periodic<DueJob>({
    everyMs: options.everyMs,
    lateMs: options.lateMs,
    async items() {
      const due = await findDueJobs(database);
      if (!due.includes("outbox")) observer.outboxDelivered(0, 0);
      if (due.includes("refunds")) options.onRefundsDue();
      return due.filter((job) => job !== "refunds");
    },
    keyOf: (job) => job,
    concurrencyMax: Object.keys(jobs).length,
    work: (job) => jobs[job](),
    onError: (job, error) => options.onError(job ?? "due jobs", error),
  });
};
