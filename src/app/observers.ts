import type { QueueObserver } from "#queue";
import type { Meters } from "#platform/metrics.ts";
import type { Database } from "#platform/postgres/database.ts";
import type { SaleObserver } from "#sale";
import type { StoreChecks } from "./store-checks.ts";

const seconds = (ms: number): number => ms / 1000;

/** Counts the events of the queue. A concert is not a label, because the number of concerts has no bound. */
export const queueObserver = (meters: Meters): QueueObserver => {
  const joins = meters.counter({
    name: "queue_joins_total",
    help: "Requests to join, by whether the place is new or already known",
    labelNames: ["place"] as const,
  });
  const polls = meters.counter({
    name: "queue_polls_total",
    help: "Requests for a place",
  });
  const ended = meters.counter({
    name: "queue_places_ended_total",
    help: "Places that users left or whose slot lapsed, counted by this instance",
    labelNames: ["reason"] as const,
  });
  const admitted = meters.counter({
    name: "queue_admitted_total",
    help: "Users admitted by the passes of this instance",
  });
  const skipped = meters.counter({
    name: "queue_skipped_total",
    help: "Users who were absent when their turn came",
  });
  const passes = meters.histogram({
    name: "queue_pass_duration_seconds",
    help: "Duration of one admission pass of one concert",
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
  });
  const failures = meters.counter({
    name: "queue_pass_failures_total",
    help: "Admission passes that failed",
  });
  return {
    joined: (_concertId, fresh) => joins.inc({ place: fresh ? "new" : "known" }),
    polled: () => polls.inc(),
    rateLimited: () => meters.http.shed("place"),
    left: () => ended.inc({ reason: "LEFT" }),
    admissionPassed: (_concertId, report, tookMs) => {
      admitted.inc(report.admitted);
      skipped.inc(report.skipped);
      ended.inc({ reason: "LAPSED" }, report.lapsed);
      passes.observe(seconds(tookMs));
    },
    passFailed: () => failures.inc(),
  };
};

/** Counts commands by outcome, batches, swept holds and outbox deliveries. */
export const saleObserver = (meters: Meters): SaleObserver => {
  const commands = meters.counter({
    name: "sale_commands_total",
    help: "Commands by kind and outcome",
    labelNames: ["command", "outcome"] as const,
  });
  const durations = meters.histogram({
    name: "sale_command_duration_seconds",
    help: "Time from the arrival of a command to its committed answer",
    labelNames: ["command"] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  });
  const batchSizes = meters.histogram({
    name: "sale_batch_size",
    help: "Commands decided in one transaction",
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
  });
  const deferred = meters.counter({
    name: "sale_commands_deferred_total",
    help: "Commands that missed a locked row and waited for it outside their batch",
  });
  const swept = meters.counter({
    name: "sale_holds_swept_total",
    help: "Holds past their end that the sweeper released",
  });
  const delivered = meters.counter({
    name: "sale_outbox_delivered_total",
    help: "Outbox rows that the queue accepted",
  });
  const waiting = meters.gauge({
    name: "sale_outbox_waiting",
    help: "Undelivered outbox rows that the last delivery found",
  });
  return {
    commandAnswered: (command, outcome, durationMs) => {
      commands.inc({ command, outcome });
      durations.observe({ command }, seconds(durationMs));
    },
    batchEnded: (size, deferredCount) => {
      batchSizes.observe(size);
      deferred.inc(deferredCount);
    },
    swept: (count) => swept.inc(count),
    outboxDelivered: (count, left) => {
      delivered.inc(count);
      waiting.set(left);
    },
  };
};

/** Measures the use of the connections, and whether the stores answer. */
export const watchStores = (meters: Meters, database: Database, checks: StoreChecks): void => {
  meters.gauge({
    name: "postgres_connections",
    help: "Connections of the pool of this instance, and callers that wait for one",
    labelNames: ["state"] as const,
    collect() {
      const { open, busy, waiting } = database.usage();
      this.set({ state: "open" }, open);
      this.set({ state: "busy" }, busy);
      this.set({ state: "waited-for" }, waiting);
    },
  });
  for (const store of ["postgres", "redis"] as const) {
    if (checks.read()[store] === "memory") continue;
    meters.gauge({
      name: `${store}_ready`,
      help: "1 while the store answers in time",
      collect() {
        this.set(checks.read()[store] === "ok" ? 1 : 0);
      },
    });
  }
};
