import type { UserId } from "#kernel/ids.ts";
import type { CommandKind, CommandOf, OutcomeOf, StoredAnswer } from "../domain/commands.ts";

/** Decides commands in batches. Each command takes effect wholly or not at all. */
export interface BoxOffice {
  /**
   * Decides the command and resolves after its commit. Throws Unavailable when the command was not decided
   * in time: it has had no effect, or a request with the same key returns its answer. Without a key the effect
   * may exist: a repeated reserve is refused as already held, and a repeated payment as already paid.
   */
  submit<K extends CommandKind>(command: CommandOf<K>): Promise<OutcomeOf[K]>;
}

/** The stored answers of earlier successes, by user and key. */
export interface Answers {
  /** Null when the key is free, or when its first request still runs. Takes no lock. Throws Unavailable. */
  find(userId: UserId, key: string): Promise<StoredAnswer | null>;
}
