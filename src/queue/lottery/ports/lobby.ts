import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";

/** A user in a lottery's lobby. */
export interface Entrant {
  readonly userId: UserId;
  readonly drawValue: number;
}

/** A request for one page of a closed lobby, for one attempt to draw. */
export interface ReadLobby {
  /** The first read at or after this time, by the store's clock, closes the lobby for good. */
  readonly admitsAtMs: InstantMs;
  /** Identifies the attempt. For `leaseMs` after its last read, no other attempt gets a page. */
  readonly drawId: string;
  readonly leaseMs: number;
  /** The last entrant of the page before; null for the first page. */
  readonly after: Entrant | null;
  readonly entrantsMax: number;
}

export type LobbyPage =
  /** It is before `admitsAtMs`: users still join and leave, so the store returns no page. */
  | { readonly kind: "open" }
  /** Another attempt holds the lease. */
  | { readonly kind: "taken" }
  | {
      readonly kind: "page";
      /** The store's epoch. If it differs from the page before, that page is from another lobby. */
      readonly epoch: number;
      readonly closedAtMs: InstantMs;
      /** In the order of the draw: by value, then by user id. */
      readonly entrants: readonly Entrant[];
      readonly more: boolean;
    };

/** The lobby of a lottery, as the queue's store keeps it. */
export interface Lobby {
  /**
   * Closes the lobby if it is due, and returns a page of it.
   *
   * A closed lobby takes no new user. A user who leaves between two reads is missing from later pages.
   *
   * Throws Unavailable. One atomic step. Cost: O(log n + page).
   */
  read(concertId: ConcertId, ask: ReadLobby): Promise<LobbyPage>;
}
