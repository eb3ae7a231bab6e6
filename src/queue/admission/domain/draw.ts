import type { InstantMs } from "#kernel/instant.ts";
import type { QueuePolicy } from "./policy.ts";

/** A draw that is done. It never changes. */
export interface DrawRecord {
  /** When the lobby closed, by the clock of its store. */
  readonly drawnAtMs: InstantMs;
  readonly entrants: number;
  /** SHA-256 in hex of the user ids' SHA-256 hex digests, sorted, joined by line feeds. */
  readonly entrantsDigest: string;
}

export interface DrawState {
  readonly policy: Pick<QueuePolicy, "mode">;
  /** The draw, once the database has it. */
  readonly draw?: DrawRecord | null | undefined;
}

/** Before the draw of a lottery: no user is admitted, and no user knows a position. */
export const isBeforeDraw = ({ policy, draw }: DrawState): boolean =>
  policy.mode === "lottery" && (draw ?? null) === null;

/** The public part of a draw: the commitment from the start, the rest once the draw is done. */
export interface PublishedDraw {
  /** SHA-256 in hex of the seed's bytes. */
  readonly commitment: string;
  readonly done: (DrawRecord & { readonly seed: string }) | null;
}

/** The rank that a draw gave to a place. */
export interface DrawnRank {
  readonly drawnAtMs: InstantMs;
  readonly drawValue: number;
  /** From 1. */
  readonly rank: number;
  readonly entrants: number;
}
