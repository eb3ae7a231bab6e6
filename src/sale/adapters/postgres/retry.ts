import type { MintId } from "#kernel/ids.ts";
import type { PendingCall } from "#platform/pending-calls.ts";
import { CommitUnknown, type Database } from "#platform/postgres/database.ts";
import type { Command, Outcome } from "../../domain/commands.ts";
import type { LockWait } from "./load-batch.ts";
import { knownShows } from "./known-shows.ts";
import { hasSqlState, serializationFailure } from "./sql-states.ts";
import { transact } from "./transact.ts";

/** A command that waits for its outcome. */
export type PendingCommand = PendingCall<Command, Outcome>;

type Outcomes = readonly (Outcome | null)[];

const triesMax = 3;
/** A batch skips locked rows, so it waits only for a lock of a schema change, or because of a bug. */
const batchLockTimeoutMs = 300;
/** A batch that chooses seats also waits for the batches of other instances that choose in the same show. */
const choosingLockTimeoutMs = 1_000;

/**
 * Runs the transaction of a batch, and retries it:
 * - after a deadlock or serialization failure, up to 3 tries in total;
 * - once more after a COMMIT whose answer was lost. That try first looks for the ids that were minted for
 *   the commands. It does so too when a command later runs alone.
 *
 * Throws Unavailable, or the error of the database.
 */
export const withRetries = (options: {
  readonly database: Database;
  readonly mintId: MintId;
  monotonicMs(): number;
}): ((batch: readonly PendingCommand[], lockWait: LockWait) => Promise<Outcomes>) => {
  const { database, mintId, monotonicMs } = options;
  /** Commands of a try whose COMMIT answer was lost. */
  const uncertain = new WeakSet<PendingCommand>();
  const shows = knownShows();

  const tryOnce = (batch: readonly PendingCommand[], lockWait: LockWait): Promise<Outcomes> => {
    const deadlineMs = Math.max(...batch.map((one) => one.deadlineMs));
    const isChoosing = batch.some(({ command }) => command.kind === "reserve" && command.best);
    const skip = isChoosing ? choosingLockTimeoutMs : batchLockTimeoutMs;
    const lockTimeouts = { skip, wait: deadlineMs - monotonicMs() };
    return transact(
      database,
      batch.map((one) => one.command),
      {
        lockWait,
        uncertain: batch.some((one) => uncertain.has(one)),
        lockTimeoutMs: lockTimeouts[lockWait],
        mintId,
        knownShows: shows,
      },
    );
  };

  const run = async (
    batch: readonly PendingCommand[],
    lockWait: LockWait,
    tryNumber = 1,
  ): Promise<Outcomes> => {
    try {
      return await tryOnce(batch, lockWait);
    } catch (error) {
      const unknown = error instanceof CommitUnknown && !batch.some((one) => uncertain.has(one));
      if (unknown) for (const one of batch) uncertain.add(one);
      const again = unknown || (hasSqlState(error, serializationFailure) && tryNumber < triesMax);
      if (!again) throw error;
      return run(batch, lockWait, tryNumber + 1);
    }
  };

  return (batch, lockWait) => run(batch, lockWait);
};
