import type { Clock } from "#kernel/instant.ts";
import { isBeforeDraw, type DrawRecord } from "../../admission/domain/draw.ts";
import { finalState, stateAt } from "../../admission/domain/queue-state.ts";
import type { DrawHashes } from "../ports/draw-hashes.ts";
import { drawPagePlaces, type DrawAttempt, type Draws } from "../ports/draws.ts";
import type { QueueStore } from "../../admission/ports/queue-store.ts";
import type { Entrant, Lobby, LobbyPage } from "../ports/lobby.ts";
import type { QueueSchedule, Sales } from "../../admission/ports/sales.ts";

export interface DrawLobbyDeps {
  readonly store: Pick<QueueStore, "getSnapshot">;
  readonly lobby: Lobby;
  readonly draws: Pick<Draws, "writePage" | "save">;
  readonly hashes: Pick<DrawHashes, "hashUsers" | "digest">;
  readonly sales: Pick<Sales, "stock">;
  readonly clock: Clock;
  /** A new UUID. */
  readonly mintId: () => string;
}

/** If this instance is killed during a draw, another instance can draw after this time. */
const leaseMs = 5_000;
/** The store's clock closes the lobby; this instance asks 1 s early, because its own clock may be late. */
const earlyMs = 1_000;

type Page = Extract<LobbyPage, { kind: "page" }>;

/** Writes entrants in whole pages of the list, whatever the size of the pages of the lobby. */
const listWriter = (deps: DrawLobbyDeps, attempt: DrawAttempt) => {
  const hashPages: Uint8Array[] = [];
  let unwritten: Entrant[] = [];

  const writePage = async (entrants: readonly Entrant[]): Promise<void> => {
    const pageHashes = deps.hashes.hashUsers(entrants.map(({ userId }) => userId));
    const values = entrants.map(({ drawValue }) => drawValue);
    hashPages.push(pageHashes);
    await deps.draws.writePage(attempt, hashPages.length - 1, { values, hashes: pageHashes });
  };

  return {
    hashPages,
    async add(entrants: readonly Entrant[]): Promise<void> {
      unwritten.push(...entrants);
      while (unwritten.length >= drawPagePlaces) {
        const full = unwritten.slice(0, drawPagePlaces);
        unwritten = unwritten.slice(drawPagePlaces);
        await writePage(full);
      }
    },
    async finish(): Promise<number> {
      const entrants = hashPages.length * drawPagePlaces + unwritten.length;
      if (unwritten.length > 0) await writePage(unwritten);
      return entrants;
    },
  };
};

/**
 * Reads the lobby to its end, and writes each page while the store reads the next one.
 *
 * Returns null when the next tick must start again: another instance draws, or the store's epoch changed.
 * Throws Unavailable.
 */
const writeList = async (
  deps: DrawLobbyDeps,
  attempt: DrawAttempt,
  first: Page,
  readAfter: (after: Entrant) => Promise<LobbyPage>,
): Promise<DrawRecord | null> => {
  const list = listWriter(deps, attempt);
  let page = first;
  for (;;) {
    const last = page.entrants.at(-1);
    const reading = page.more && last !== undefined ? readAfter(last) : null;
    const [next] = await Promise.all([reading, list.add(page.entrants)]);
    if (next === null) break;
    // Another instance draws, or the store has a new epoch.
    if (next.kind !== "page" || next.epoch !== first.epoch) return null;
    page = next;
  }
  const entrants = await list.finish();
  const entrantsDigest = await deps.hashes.digest(list.hashPages);
  return { drawnAtMs: first.closedAtMs, entrants, entrantsDigest };
};

/**
 * Draws a lottery that is due: closes the lobby, and saves the list of its users in their order.
 *
 * The seed and the user id fix the order; the saved list lets a reader check it. Any number of instances
 * may call this at every tick: one instance at a time reads the lobby, and the first saved draw wins.
 *
 * Returns, in this order:
 * - the saved draw, if there is one
 * - null before `admitsAtMs`, in a queue that is over, and in a queue that recovers
 * - null while another instance draws, and after the store's epoch changed during the draw
 * - the new draw
 *
 * Throws Unavailable: no draw was saved, and the next tick starts again. Cost: one step of the store and
 * one row for each 1,000 entrants, and 32 bytes of memory for each entrant.
 */
export const drawLobby =
  (deps: DrawLobbyDeps) =>
  async (schedule: QueueSchedule): Promise<DrawRecord | null> => {
    const { concertId, policy } = schedule;
    const { admitsAtMs } = policy;
    if (!isBeforeDraw(schedule) || admitsAtMs === null) return schedule.draw ?? null;
    if (deps.clock.nowMs() < admitsAtMs - earlyMs) return null;
    const [{ atMs, epoch, counters }, stock] = await Promise.all([
      deps.store.getSnapshot(concertId),
      deps.sales.stock(concertId),
    ]);
    const state = stateAt(schedule, stock, atMs, counters.recovering);
    // A queue that is over has no user to draw. A queue that recovers may lack users who have not come back.
    if (finalState(state, policy) !== null || counters.recovering) return null;
    const attempt = { concertId, drawId: deps.mintId() };
    const read = (after: Entrant | null): Promise<LobbyPage> =>
      deps.lobby.read(concertId, {
        admitsAtMs,
        drawId: attempt.drawId,
        leaseMs,
        after,
        entrantsMax: drawPagePlaces,
      });
    const first = await read(null);
    // In another epoch the store may have lost users of the lobby since the snapshot.
    if (first.kind !== "page" || first.epoch !== epoch) return null;
    const record = await writeList(deps, attempt, first, read);
    return record === null ? null : deps.draws.save(attempt, record);
  };
