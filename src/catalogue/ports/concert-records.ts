import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { NewConcert } from "../domain/new-concert.ts";
import type { Concert, SaleSettings } from "../domain/concert.ts";
import type { Published } from "../domain/published.ts";

export type AuditAction =
  | "concert.created"
  | "policy.changed"
  | "queue.paused"
  | "queue.resumed"
  | "queue.closed";

/** What a change leaves in the audit trail. */
export interface AuditNote {
  /** The operator's name, never his key. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly before: Published | null;
  readonly after: Published | null;
}

/** The settings of a concert by its id. */
export interface KeptSettings extends SaleSettings {
  readonly concertId: ConcertId;
}

/** What a decision under the concert's lock comes to. */
export interface Decision<Outcome> {
  readonly outcome: Outcome;
  /** What to keep, and how it is audited; null: nothing changes. */
  readonly save: { readonly settings: SaleSettings; readonly note: AuditNote } | null;
}

/** Which concerts' settings are wanted beside those that are asked for by id. */
export interface RunningWindow {
  readonly opensBeforeMs: InstantMs;
  readonly closedAfterMs: InstantMs;
  readonly lastShowAfterMs: InstantMs;
}

/** The concerts in the database. Every method throws Unavailable when it is away. */
export interface ConcertRecords {
  /** The database's clock: the one by which a sale is open. */
  nowMs(): Promise<InstantMs>;
  /** Keeps concert, shows, seats and audit note, all or nothing. */
  add(plan: NewConcert, note: AuditNote): Promise<void>;
  /**
   * Locks the concert, then reads the clock, then decides; keeps the decision and its note together.
   * The stored version is one more than the one decided on. Answers the settings that stand
   * afterwards; null when there is no such concert.
   */
  change<Outcome>(
    concertId: ConcertId,
    decide: (current: SaleSettings, nowMs: InstantMs) => Decision<Outcome>,
  ): Promise<{ readonly outcome: Outcome; readonly settings: SaleSettings } | null>;
  /** The whole concerts among the ids, in no order. At most 1,000 ids. */
  load(concertIds: readonly ConcertId[]): Promise<readonly Concert[]>;
  /** The settings of the concerts that are named or fall into the window, in no order. */
  settings(
    concertIds: readonly ConcertId[],
    window: RunningWindow,
  ): Promise<readonly KeptSettings[]>;
  /** Ids, newest concert first, those after `after` when it is given. */
  page(after: ConcertId | null, limit: number): Promise<readonly ConcertId[]>;
}
