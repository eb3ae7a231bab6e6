import type { Database } from "#platform/postgres/database.ts";
import { hasChanged } from "../../domain/batch-state.ts";
import type { Command, Outcome } from "../../domain/commands.ts";
import { decide } from "../../domain/decide.ts";
import { loadBatch, type LoadOptions } from "./load-batch.ts";
import { saveBatch } from "./save-batch.ts";
import { isMissed } from "./lock-set.ts";

/** Thrown to end a transaction that wrote nothing: a rollback does not wait for the disk, a commit would. */
class NothingChanged extends Error {
  readonly outcomes: readonly (Outcome | null)[];

  constructor(outcomes: readonly (Outcome | null)[]) {
    super("nothing changed");
    this.outcomes = outcomes;
  }
}

/**
 * Loads, decides and saves commands in one transaction, in their order.
 *
 * Returns one outcome a command. Null, only with `lockWait: "skip"`: the command missed a row that another
 * transaction has locked or that does not exist, and has had no effect. Throws the database's error; then
 * no command has had an effect, unless the error is CommitUnknown.
 */
export const transact = async (
  database: Database,
  commands: readonly Command[],
  how: LoadOptions,
): Promise<readonly (Outcome | null)[]> => {
  try {
    return await database.transaction(async (tx) => {
      const { state, nowMs } = await loadBatch(tx, commands, how);
      const mayMiss = how.lockWait === "skip";
      const outcomes = commands.map((command) =>
        mayMiss && isMissed(state, command) ? null : decide(state, command, nowMs),
      );
      if (!hasChanged(state)) throw new NothingChanged(outcomes);
      await saveBatch(tx, state);
      return outcomes;
    });
  } catch (error) {
    if (error instanceof NothingChanged) return error.outcomes;
    throw error;
  }
};
