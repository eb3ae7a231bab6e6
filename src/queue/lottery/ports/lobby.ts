import type { InstantMs } from "#kernel/instant.ts";
import type { ConcertId, UserId } from "#kernel/ids.ts";

/** Somebody who stands in a lottery's lobby. */
export interface Entrant {
  readonly userId: UserId;
  readonly drawValue: number;
}

/** Reading a closed lobby, page by page, on behalf of one who draws. */
export interface ReadLobby {
  /** The lobby is closed at the first asking from this moment on, by the store's clock, for good. */
  readonly admitsAtMs: InstantMs;
  /** Names who draws: for `leaseMs` from his last asking nobody else gets a page. */
  readonly drawId: string;
  readonly leaseMs: number;
  /** The last entrant of the page before; null for the first page. */
  readonly after: Entrant | null;
  readonly entrantsMax: number;
}

export type LobbyPage =
  /** Before `admitsAtMs`: nothing is shown, people come and go. */
  | { readonly kind: "open" }
  /** Somebody else draws at the moment. */
  | { readonly kind: "taken" }
  | {
      readonly kind: "page";
      /** The life of the store; when it changes under way, the pages before were another lobby. */
      readonly epoch: number;
      readonly closedAtMs: InstantMs;
      /** In the order of the draw: by value, then by user id. */
      readonly entrants: readonly Entrant[];
      readonly more: boolean;
    };

/** The lobby of a lottery, as the queue's store keeps it. */
export interface Lobby {
  /**
   * Closes the lobby when its time has come, and answers a page of it. From then on nobody new enters
   * it; who leaves meanwhile is missing from later pages. One atomic step, O(log n + page). Throws
   * Unavailable.
   */
  read(concertId: ConcertId, ask: ReadLobby): Promise<LobbyPage>;
}
