import type { ConcertId } from "#kernel/ids.ts";
import type { MaybePromise } from "#kernel/maybe-promise.ts";
import type { Concert, SaleSettings } from "../domain/concert.ts";

/** The concerts that one instance holds in memory, so that a request does not wait for PostgreSQL. */
export interface ConcertCache {
  /**
   * The concert, or null when there is none. PostgreSQL is asked only for an id that is not cached; a cached concert
   * is returned at once. Throws Unavailable when PostgreSQL cannot be asked.
   */
  readonly find: (concertId: ConcertId) => MaybePromise<Concert | null>;
  /** The concerts whose queue may have work to do. Throws Unavailable until the first refresh has succeeded. */
  readonly running: () => Promise<readonly Concert[]>;
  /** Adds a concert that this instance has created or corrected; an older version is ignored. */
  readonly put: (concert: Concert) => void;
  /** Updates a cached concert with settings that this instance has changed; an older version is ignored. */
  readonly putSettings: (concertId: ConcertId, settings: SaleSettings) => void;
  /**
   * Reads the settings of every cached or running concert again. One refresh runs at a time; a caller
   * that asks meanwhile gets the same one. Throws Unavailable.
   */
  readonly refresh: () => Promise<void>;
}
