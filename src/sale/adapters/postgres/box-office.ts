import type { MintId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { CommitUnknown, type Database } from "#platform/postgres/database.ts";
import type { Command, CommandKind, CommandOf, Outcome, OutcomeOf } from "../../domain/commands.ts";
import { seatKey } from "../../domain/seat.ts";
import type { BoxOffice } from "../../ports/box-office.ts";
import type { SaleObserver } from "../../ports/observer.ts";
import { batcher } from "../batcher.ts";
import { rowMaker } from "./ensure-rows.ts";
import { insistent, type Waiting } from "./insist.ts";
import { lane } from "./lane.ts";
import { hasSqlState, lockNotAvailable } from "./sql-states.ts";

export interface BoxOfficeOptions {
  readonly database: Database;
  readonly mintId: MintId;
  monotonicMs(): number;
  readonly observer: SaleObserver;
  /** Commands in one transaction: more cost each of them latency, fewer cost commits. */
  readonly batchMax?: number;
  /** Commands that wait for a batch; beyond it the server sheds load. */
  readonly waitingMax?: number;
  /** From arrival to Unavailable, so that the client has its 503 within 3 s. */
  readonly deadlineMs?: number;
  /** Commands that wait alone for a row, each on a connection; the pool needs more than that. */
  readonly aloneMax?: number;
}

export interface PgBoxOffice extends BoxOffice {
  /** Refuses what comes from now on and resolves when everything that came has been answered. */
  close(): Promise<void>;
}

/**
 * So many commands are worth a second transaction beside the one that runs: this process works on one
 * while the database works on the other. Fewer make both batches small and the commits many.
 */
const besideMin = 64;
/** For another transaction that makes the same buyer or wallet at this moment. */
const makeRowsTimeoutMs = 100;

/** What two batches at a time would miss each other's rows for: the user's own, and the seats wanted. */
const keysOf = (command: Command): readonly string[] => {
  if (command.kind !== "reserve") return [command.userId];
  const { userId, concertId, date, seatNumbers } = command;
  return [userId, ...seatNumbers.map((seatNumber) => seatKey(concertId, date, seatNumber))];
};

/** Answers those that have an outcome; returns those that missed a row. */
const answer = (
  batch: readonly Waiting[],
  outcomes: readonly (Outcome | null)[],
): readonly Waiting[] =>
  batch.filter((one, index) => {
    const outcome = outcomes[index];
    if (outcome) one.resolve(outcome);
    return !outcome;
  });

/**
 * The box office on PostgreSQL: one pipeline for all kinds of commands.
 *
 * - Commands that arrive while a batch runs form the next one; a lone one on an idle office goes at once.
 *   When many wait, two batches run at a time, with nothing in common.
 * - A command that misses a row waits alone for it, in a transaction of its own, at most until its deadline.
 * - A batch that loses a race is tried again (3 times in all); one whose commit is unknown is tried once
 *   more, looking for the ids that were minted for it; one that fails for another reason is taken
 *   apart, so that the command at fault fails alone.
 * - A command that is not decided within `deadlineMs` is answered Unavailable.
 */
export const pgBoxOffice = (options: BoxOfficeOptions): PgBoxOffice => {
  const { database, mintId, monotonicMs, observer } = options;
  const makeRows = rowMaker(database);
  const alone = lane(options.aloneMax ?? 4);

  const insist = insistent({ database, mintId, monotonicMs });

  const goAlone = (one: Waiting): Promise<void> =>
    alone(async () => {
      const leftMs = one.deadlineMs - monotonicMs();
      if (one.isSettled() || leftMs <= 0) return;
      try {
        await makeRows([one.command], { lockTimeoutMs: leftMs, anew: true });
        answer([one], await insist([one], "wait"));
      } catch (error) {
        one.reject(error);
      }
    });

  const runBatch = async (batch: readonly Waiting[]): Promise<void> => {
    const startedAtMs = monotonicMs();
    const commands = batch.map((one) => one.command);
    let missed: readonly Waiting[] = [];
    try {
      await makeRows(commands, { lockTimeoutMs: makeRowsTimeoutMs, anew: false }).catch(
        (error: unknown) => {
          // Somebody makes one of these rows just now, or the answer got lost: the commands that miss
          // theirs will wait alone.
          if (!hasSqlState(error, lockNotAvailable) && !(error instanceof CommitUnknown))
            throw error;
        },
      );
      missed = answer(batch, await insist(batch, "skip"));
    } catch (error) {
      if (error instanceof Unavailable || batch.length === 1) throw error;
      missed = batch;
    }
    for (const one of missed) void goAlone(one);
    observer.batchEnded(batch.length, missed.length, monotonicMs() - startedAtMs);
  };

  const gatherer = batcher<Command, Outcome>({
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
        const outcome = await gatherer.submit(command);
        observer.commandAnswered(kind, outcome.kind, monotonicMs() - startedAtMs);
        // `decide` answers each kind of command with an outcome of that kind.
        return outcome as OutcomeOf[K];
      } catch (error) {
        const told = error instanceof Unavailable ? "unavailable" : "failed";
        observer.commandAnswered(kind, told, monotonicMs() - startedAtMs);
        throw error;
      }
    },
    close: () => gatherer.close(),
  };
};
