import type { UserId } from "#kernel/ids.ts";
import type { CommandKind, CommandOf, OutcomeOf, StoredAnswer } from "../domain/commands.ts";

/** Where commands are decided, in batches, each wholly or not at all. */
export interface BoxOffice {
  /**
   * Decides the command and answers after its commit. Throws Unavailable when it could not be decided
   * in time: then nothing was changed, or asking again with the same key tells.
   */
  submit<K extends CommandKind>(command: CommandOf<K>): Promise<OutcomeOf[K]>;
}

/** What earlier successes answered, by user and key; looked up without a lock. */
export interface Answers {
  /** Null when the key is free, or its request still runs. Throws Unavailable. */
  find(userId: UserId, key: string): Promise<StoredAnswer | null>;
}
