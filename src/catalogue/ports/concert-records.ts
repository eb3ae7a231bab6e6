import type { Intent } from "#kernel/idempotency.ts";
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

/** The audit entry of a change, before it has a number and a time. */
export interface AuditNote {
  /** The name of the operator key; not the key itself. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly before: Published | null;
  readonly after: Published | null;
}

/** The settings of a concert by its id. */
export interface KeptSettings extends SaleSettings {
  readonly concertId: ConcertId;
}

/** A decision that was made under the lock of the concert's row. */
export interface Decision<Outcome> {
  readonly outcome: Outcome;
  /** The settings to store and their audit entry; null: nothing changes. */
  readonly save: { readonly settings: SaleSettings; readonly note: AuditNote } | null;
}

/** The concerts whose settings are read in addition to those that are named by id. */
export interface RunningWindow {
  readonly opensBeforeMs: InstantMs;
  readonly closedAfterMs: InstantMs;
  readonly lastShowAfterMs: InstantMs;
}

/** The use of an operator's key by an earlier request: by another one, or by the same with this answer. */
export type KeyUse =
  | { readonly kind: "key-reused" }
  | { readonly kind: "replayed"; readonly answer: Published };

/** The key of a request that creates a concert, with the body of its answer. */
export interface NewKeyUse {
  readonly intent: Intent;
  readonly concertId: ConcertId;
  readonly answer: Published;
}

export type AddOutcome = KeyUse | { readonly kind: "added" };

export interface ConcertSlice {
  /** The last concert of the page before; null: the first page. */
  readonly after: ConcertId | null;
  readonly limit: number;
  readonly withDrafts: boolean;
}

/** The concerts in the database. Every method throws Unavailable while it is away. */
export interface ConcertRecords {
  /** The clock of the database, which decides whether a queue is open. */
  nowMs(): Promise<InstantMs>;
  /**
   * Stores concert, shows, seats, audit entry and the operator's key in one transaction.
   * - `key-reused`  the operator used the key for another request
   * - `replayed`    the same request has succeeded before; nothing is stored
   * - `added`
   * A second request with a key waits until the first has ended.
   */
  add(newConcert: NewConcert, note: AuditNote, use: NewKeyUse | null): Promise<AddOutcome>;
  /** The use of an operator's key; null for an unused one. */
  findKeyUse(actor: string, intent: Intent): Promise<KeyUse | null>;
  /**
   * Locks the row of the concert, reads the clock, decides, and stores settings and audit entry in one
   * transaction. The version grows by one. Returns the settings after the decision; null when there
   * is no such concert.
   */
  change<Outcome>(
    concertId: ConcertId,
    decide: (current: SaleSettings, nowMs: InstantMs) => Decision<Outcome>,
  ): Promise<{ readonly outcome: Outcome; readonly settings: SaleSettings } | null>;
  /** The concerts with these ids, in any order. At most 1,000 ids. */
  load(concertIds: readonly ConcertId[]): Promise<readonly Concert[]>;
  /** The settings of the named concerts and of those in the window, in any order. */
  settings(
    concertIds: readonly ConcertId[],
    window: RunningWindow,
  ): Promise<readonly KeptSettings[]>;
  /** Ids, newest concert first; with `after` only those of older concerts, drafts only on demand. */
  page(slice: ConcertSlice): Promise<readonly ConcertId[]>;
}
