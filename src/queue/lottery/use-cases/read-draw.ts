import type { ConcertId } from "#kernel/ids.ts";
import type { DrawnPlace } from "../domain/draw-value.ts";
import { drawPagePlaces, type Draws } from "../ports/draws.ts";
import type { Sales } from "../../admission/ports/sales.ts";

export interface ReadDrawDeps {
  readonly sales: Pick<Sales, "find">;
  readonly draws: Pick<Draws, "list">;
}

export interface ReadDraw {
  readonly concertId: ConcertId;
  /** The index of the first place, from 0. */
  readonly from: number;
  /** The maximum number of places. A listing is shorter where a page of the database ends. */
  readonly count: number;
}

export type DrawListing =
  | { readonly kind: "unknown-concert" }
  /** A fifo queue has no draw. */
  | { readonly kind: "fifo" }
  | { readonly kind: "undrawn" }
  /** `next` is the index after the last place, or null at the end of the list. */
  | {
      readonly kind: "listed";
      readonly places: readonly DrawnPlace[];
      readonly next: number | null;
    };

/**
 * Reads a part of the list of a draw.
 *
 * Throws Unavailable, and an Error when the stored list ends before its last entrant. Cost: one statement
 * of the database.
 */
export const readDraw =
  ({ sales, draws }: ReadDrawDeps) =>
  async ({ concertId, from, count }: ReadDraw): Promise<DrawListing> => {
    const schedule = await sales.find(concertId);
    if (schedule === null) return { kind: "unknown-concert" };
    if (schedule.policy.mode === "fifo") return { kind: "fifo" };
    const { draw } = schedule;
    if (draw === null || draw === undefined) return { kind: "undrawn" };
    if (from >= draw.entrants) return { kind: "listed", places: [], next: null };
    const places = await draws.list(concertId, from, count);
    if (places.length === 0) {
      throw new Error(
        `the stored draw of ${concertId} ends before place ${from + 1} of ${draw.entrants}`,
      );
    }
    const next = from + places.length;
    return { kind: "listed", places, next: next < draw.entrants ? next : null };
  };

/**
 * Reads the whole list in parts of 1,000 places, each when the caller asks for it.
 *
 * Yields nothing before the draw. Throws as `readDraw` does. Cost: one statement of the database for each
 * part.
 */
export const readWholeDraw = (deps: ReadDrawDeps) => {
  const read = readDraw(deps);
  return async function* (concertId: ConcertId): AsyncGenerator<readonly DrawnPlace[]> {
    let from: number | null = 0;
    while (from !== null) {
      const listing: DrawListing = await read({ concertId, from, count: drawPagePlaces });
      if (listing.kind !== "listed") {
        if (from === 0) return;
        throw new Error(`the draw of ${concertId} disappeared while its list was read`);
      }
      yield listing.places;
      from = listing.next;
    }
  };
};
