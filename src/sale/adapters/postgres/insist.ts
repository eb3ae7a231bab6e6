import type { MintId } from "#kernel/ids.ts";
import { CommitUnknown, type Database } from "#platform/postgres/database.ts";
import type { Command, Outcome } from "../../domain/commands.ts";
import type { Pending } from "../pending.ts";
import type { Patience } from "./load-batch.ts";
import { hasSqlState, lostRace } from "./sql-states.ts";
import { transact } from "./transact.ts";

/** A command that waits for its outcome. */
export type Waiting = Pending<Command, Outcome>;

type Outcomes = readonly (Outcome | null)[];

const triesMax = 3;
/** A batch waits for nobody; only a fault of ours or a schema change could make it, and then not long. */
const batchLockTimeoutMs = 300;

/**
 * Makes the transaction of a batch again until the database has said yes or no: one that lost a race up
 * to three times in all, one whose commit is unknown once more, looking for the ids that were minted for
 * it. That it is uncertain stays with a command, also when it then goes alone. Throws Unavailable, or
 * what is wrong with the batch.
 */
export const insistent = (options: {
  readonly database: Database;
  readonly mintId: MintId;
  monotonicMs(): number;
}): ((batch: readonly Waiting[], patience: Patience) => Promise<Outcomes>) => {
  const { database, mintId, monotonicMs } = options;
  /** Commands of a try whose commit is unknown: the next try looks for what it may have done. */
  const uncertain = new WeakSet<Waiting>();

  const attempt = (batch: readonly Waiting[], patience: Patience): Promise<Outcomes> => {
    const deadlineMs = Math.max(...batch.map((one) => one.deadlineMs));
    return transact(
      database,
      batch.map((one) => one.command),
      {
        patience,
        uncertain: batch.some((one) => uncertain.has(one)),
        lockTimeoutMs: patience === "skip" ? batchLockTimeoutMs : deadlineMs - monotonicMs(),
        mintId,
      },
    );
  };

  const insist = async (
    batch: readonly Waiting[],
    patience: Patience,
    tryNumber = 1,
  ): Promise<Outcomes> => {
    try {
      return await attempt(batch, patience);
    } catch (error) {
      const unknown = error instanceof CommitUnknown && !batch.some((one) => uncertain.has(one));
      if (unknown) for (const one of batch) uncertain.add(one);
      const again = unknown || (hasSqlState(error, lostRace) && tryNumber < triesMax);
      if (!again) throw error;
      return insist(batch, patience, tryNumber + 1);
    }
  };

  return (batch, patience) => insist(batch, patience);
};
