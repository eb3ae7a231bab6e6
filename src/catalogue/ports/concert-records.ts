import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type { InstantMs } from "#kernel/instant.ts";
import type { PageQuery } from "#kernel/page.ts";
import type { NewConcert } from "../domain/new-concert.ts";
import type { Concert, SaleSettings } from "../domain/concert.ts";
import type { DatesTerms } from "../domain/show-dates.ts";
import type { Published } from "../domain/published.ts";

export type AuditAction =
  | "concert.created"
  | "concert.corrected"
  | "date.added"
  | "date.moved"
  | "policy.changed"
  | "queue.paused"
  | "queue.resumed"
  | "queue.closed"
  | "concert.cancelled";

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
  /** The version in which a fact of the concert was last corrected. */
  readonly factsVersion: number;
}

/** The facts of a concert that an operator can change. */
export type CorrectableFacts = Pick<Concert, "title" | "venue" | "grades" | "dates">;

/** A correction that was decided under the lock of the concert's row. */
export interface CorrectionDecision<Outcome> {
  readonly outcome: Outcome;
  /** The facts to store, with those that stay, and their audit entry; null: nothing changes. */
  readonly save: {
    readonly facts: CorrectableFacts;
    readonly note: AuditNote;
    readonly use?: NewKeyUse | null;
  } | null;
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

/** A correction after its transaction. */
export interface Corrected<Outcome> {
  readonly kind: "decided";
  readonly outcome: Outcome;
  readonly concert: Concert;
}

/** A page of the concerts; `after`: the last one of the page before, `limit`: 1 to 100. */
export interface ConcertSlice extends PageQuery<ConcertId> {
  readonly withDrafts: boolean;
  /** Only concerts with this text in the title or the venue, in any case, or with this id. */
  readonly text?: string | null;
  /** Only concerts that are over (closed, or every show has begun), or only the others. */
  readonly isOver?: boolean | null;
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
   *
   * `cancels`: first waits until no transaction sells or admits in the concert, and keeps new ones waiting until the
   * commit; they read the decision.
   */
  change<Outcome>(
    concertId: ConcertId,
    decide: (current: SaleSettings, nowMs: InstantMs) => Decision<Outcome>,
    options?: { readonly cancels: boolean },
  ): Promise<{ readonly outcome: Outcome; readonly settings: SaleSettings } | null>;
  /**
   * Locks the row of the concert, reads the clock, decides, and stores the facts, audit entry and the operator's key in
   * one transaction. A new date gets the seats of the others, all AVAILABLE. The version grows by one.
   * - null        there is no such concert
   * - KeyUse      another request has used the key; nothing is stored
   * - `decided`   with the concert after the decision
   */
  correct<Outcome>(
    concertId: ConcertId,
    decide: (concert: Concert, terms: DatesTerms) => CorrectionDecision<Outcome>,
  ): Promise<Corrected<Outcome> | KeyUse | null>;
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
