import type { MintId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { CommitUnknown, type Database } from "#platform/postgres/database.ts";
import type { Command, CommandKind, CommandOf, Outcome, OutcomeOf } from "../../domain/commands.ts";
import { showKey } from "../../domain/batch-state.ts";
import { seatKey } from "../../domain/seat.ts";
import type { BoxOffice } from "../../ports/box-office.ts";
import type { SaleObserver } from "../../ports/observer.ts";
import { batcher } from "../batcher.ts";
import { ensureRowsOn } from "./ensure-rows.ts";
import { withRetries, type PendingCommand } from "./retry.ts";
import { limitConcurrency } from "#platform/concurrency-limit.ts";
import { hasSqlState, lockNotAvailable } from "./sql-states.ts";

export interface BoxOfficeOptions {
  readonly database: Database;
  readonly mintId: MintId;
  monotonicMs(): number;
  readonly observer: SaleObserver;
  /** Commands in one transaction. More raise the latency of each, fewer raise the number of commits. */
  readonly batchMax?: number;
  /** Commands that wait for a batch; beyond this number a command is Unavailable at once. */
  readonly waitingMax?: number;
  /** From arrival to Unavailable, in ms. The default leaves time to answer 503 within 3 s. */
  readonly deadlineMs?: number;
  /** Commands that wait alone for a locked row, each on a connection. The pool must have more connections. */
  readonly aloneMax?: number;
}

export interface PgBoxOffice extends BoxOffice {
  /** Refuses new commands and resolves when every earlier command has its answer. */
  close(): Promise<void>;
}

/**
 * From this number of waiting commands on, a second transaction runs beside the first: this process works
 * on one while the database works on the other. With fewer, both batches get small and commits many.
 */
const besideMin = 64;
/** How long a batch waits for another transaction that inserts the same buyer or wallet. */
const ensureRowsTimeoutMs = 100;

/** The names of the rows that the command locks. Two commands with a name in common never run in two batches. */
const keysOf = (command: Command): readonly string[] => {
  switch (command.kind) {
    case "reserve": {
      const { userId, concertId, date, seatNumbers, rows, best } = command;
      const show = showKey(concertId, date);
      if (best !== undefined) return [userId, show];
      return [
        userId,
        ...seatNumbers.map((seatNumber) => seatKey(concertId, date, seatNumber)),
        ...rows.map(({ firstSeat }) => `${show}/row/${firstSeat}`),
      ];
    }
    // The seats of these commands belong to the user's own reservations.
    case "pay":
    case "charge":
    case "cancel":
    case "leave":
    case "lapse":
      return [command.userId];
  }
};

/** Answers the commands that have an outcome. Returns the commands that missed a row. */
const answer = (
  batch: readonly PendingCommand[],
  outcomes: readonly (Outcome | null)[],
): readonly PendingCommand[] =>
  batch.filter((one, index) => {
    const outcome = outcomes[index];
    if (outcome) one.resolve(outcome);
    return !outcome;
  });

/**
 * The box office on PostgreSQL: one pipeline for all kinds of commands.
 *
 * - Commands that arrive while a batch runs form the next batch. When no batch runs, a command starts one
 *   at once. When many wait, two batches run at a time that share no row.
 * - A command that misses a row is deferred: it waits for the row in a transaction of its own, at most
 *   until its deadline.
 * - A batch is retried as `withRetries` says. When it fails for another reason, each of its commands runs
 *   in a transaction of its own, so that the command at fault fails alone.
 * - A command that is not decided within `deadlineMs` is answered Unavailable.
 */
export const pgBoxOffice = (options: BoxOfficeOptions): PgBoxOffice => {
  const { database, mintId, monotonicMs, observer } = options;
  const ensureRows = ensureRowsOn(database);
  const limitAlone = limitConcurrency(options.aloneMax ?? 4);
  const decideBatch = withRetries({ database, mintId, monotonicMs });

  const runAlone = (one: PendingCommand): Promise<void> =>
    limitAlone(async () => {
      const leftMs = one.deadlineMs - monotonicMs();
      if (one.isAnswered() || leftMs <= 0) return;
      try {
        await ensureRows([one.command], { lockTimeoutMs: leftMs, trustMemory: false });
        answer([one], await decideBatch([one], "wait"));
      } catch (error) {
        one.reject(error);
      }
    });

  const runBatch = async (batch: readonly PendingCommand[]): Promise<void> => {
    const startedAtMs = monotonicMs();
    const commands = batch.map((one) => one.command);
    let deferred: readonly PendingCommand[] = [];
    try {
      await ensureRows(commands, { lockTimeoutMs: ensureRowsTimeoutMs, trustMemory: true }).catch(
        (error: unknown) => {
          // Another transaction inserts one of these rows, or an answer was lost. The commands that miss
          // their row are deferred.
          if (!hasSqlState(error, lockNotAvailable) && !(error instanceof CommitUnknown))
            throw error;
        },
      );
      deferred = answer(batch, await decideBatch(batch, "skip"));
    } catch (error) {
      if (error instanceof Unavailable || batch.length === 1) throw error;
      deferred = batch;
    }
    for (const one of deferred) void runAlone(one);
    observer.batchEnded(batch.length, deferred.length, monotonicMs() - startedAtMs);
  };

  const batches = batcher<Command, Outcome>({
    sizeMax: options.batchMax ?? 500,
    waitingMax: options.waitingMax ?? 10_000,
    deadlineMs: options.deadlineMs ?? 2500,
    monotonicMs,
    keysOf,
    besideMin,
    run: runBatch,
  });

  return {
    async submit<K extends CommandKind>(command: CommandOf<K>): Promise<OutcomeOf[K]> {
      const startedAtMs = monotonicMs();
      const kind: CommandKind = command.kind;
      try {
        const outcome = await batches.submit(command);
        observer.commandAnswered(kind, outcome.kind, monotonicMs() - startedAtMs);
        // `decide` returns an outcome of the command's own kind.
        return outcome as OutcomeOf[K];
      } catch (error) {
        const result = error instanceof Unavailable ? "unavailable" : "failed";
        observer.commandAnswered(kind, result, monotonicMs() - startedAtMs);
        throw error;
      }
    },
    close: () => batches.close(),
  };
};
