import type { Database, Queryable } from "#platform/postgres/database.ts";
import { hasChanged } from "../../domain/batch-state.ts";
import type { Command, Outcome } from "../../domain/commands.ts";
import { decide } from "../../domain/decide.ts";
import { loadBatch, type LoadOptions, type LockWait } from "./load-batch.ts";
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

/** How often a batch locks seats that it has chosen and decides again, when others take or lock them meanwhile. */
const roundsMax: Readonly<Record<LockWait, number>> = { skip: 4, wait: 20 };

/**
 * Loads and decides the commands. As long as one has chosen seats that are not locked, it locks them and decides
 * all of them again.
 */
const decideAll = async (tx: Queryable, commands: readonly Command[], how: LoadOptions) => {
  const mayMiss = how.lockWait === "skip";
  let loaded = await loadBatch(tx, commands, how);
  for (let round = 1; ; round += 1) {
    const { state, nowMs } = loaded;
    const outcomes = commands.map((command) =>
      mayMiss && isMissed(state, command) ? null : decide(state, command, nowMs),
    );
    if (state.unlocked.length === 0 || round === roundsMax[how.lockWait])
      return { ...loaded, outcomes };
    loaded = await loaded.again(state.unlocked);
  }
};

/**
 * Loads, decides and saves commands in one transaction, in their order.
 *
 * Returns one outcome a command. Null: the command has had no effect, because it missed a row that another
 * transaction has locked or that does not exist (only with `lockWait: "skip"`), or because others took the seats
 * that it chose in every round. Throws the database's error; then
 * no command has had an effect, unless the error is CommitUnknown.
 */
export const transact = async (
  database: Database,
  commands: readonly Command[],
  how: LoadOptions,
): Promise<readonly (Outcome | null)[]> => {
  try {
    const { outcomes, committed } = await database.transaction(async (tx) => {
      const decided = await decideAll(tx, commands, how);
      if (!hasChanged(decided.state)) throw new NothingChanged(decided.outcomes);
      await saveBatch(tx, decided.state);
      return decided;
    });
    committed();
    return outcomes;
  } catch (error) {
    if (error instanceof NothingChanged) return error.outcomes;
    throw error;
  }
};
