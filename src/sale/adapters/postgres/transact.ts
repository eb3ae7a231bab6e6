import type { Database } from "#platform/postgres/database.ts";
import { hasChanged } from "../../domain/batch-state.ts";
import type { Command, Outcome } from "../../domain/commands.ts";
import { decide } from "../../domain/decide.ts";
import { loadBatch, type LoadOptions } from "./load-batch.ts";
import { saveBatch } from "./save-batch.ts";
import { isMissed } from "./wanted.ts";

/** Thrown out of a transaction that only read: rolling back costs no write to the disk, a commit would. */
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
 * Answers an outcome each; null for a command that missed a row that somebody else has or that does not
 * exist, which only a load that skips can (`patience: "skip"`): it has had no effect. Throws what the
 * database throws; then none of them had an effect, unless it is CommitUnknown.
 */
export const transact = async (
  database: Database,
  commands: readonly Command[],
  how: LoadOptions,
): Promise<readonly (Outcome | null)[]> => {
  try {
    return await database.transaction(async (tx) => {
      const { state, nowMs } = await loadBatch(tx, commands, how);
      const mayMiss = how.patience === "skip";
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
