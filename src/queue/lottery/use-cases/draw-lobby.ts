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

/** Somebody else goes on after this time, should this instance be killed under way. */
const leaseMs = 5_000;
/** The store decides when the lobby closes; asking before it may is for clocks that differ. */
const earlyMs = 1_000;

type Page = Extract<LobbyPage, { kind: "page" }>;

/** Entrants in whole pages of the list, however the lobby was read. */
const listWriter = (deps: DrawLobbyDeps, attempt: DrawAttempt) => {
  const hashPages: Uint8Array[] = [];
  let rest: Entrant[] = [];

  const writePage = async (entrants: readonly Entrant[]): Promise<void> => {
    const pageHashes = deps.hashes.hashUsers(entrants.map(({ userId }) => userId));
    const values = entrants.map(({ drawValue }) => drawValue);
    hashPages.push(pageHashes);
    await deps.draws.writePage(attempt, hashPages.length - 1, { values, hashes: pageHashes });
  };

  return {
    hashPages,
    async add(entrants: readonly Entrant[]): Promise<void> {
      rest.push(...entrants);
      while (rest.length >= drawPagePlaces) {
        const full = rest.slice(0, drawPagePlaces);
        rest = rest.slice(drawPagePlaces);
        await writePage(full);
      }
    },
    async finish(): Promise<number> {
      const entrants = hashPages.length * drawPagePlaces + rest.length;
      if (rest.length > 0) await writePage(rest);
      return entrants;
    },
  };
};

/** Reads the lobby to its end, writing while the next page is read; null when it has to be begun anew. */
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
    // Another instance has taken over, or the store has begun another life.
    if (next.kind !== "page" || next.epoch !== first.epoch) return null;
    page = next;
  }
  const entrants = await list.finish();
  const entrantsDigest = await deps.hashes.digest(list.hashPages);
  return { drawnAtMs: first.closedAtMs, entrants, entrantsDigest };
};

/**
 * Draws a lottery when its time has come: closes the lobby, and writes down who is in it and in which
 * order. The order itself has stood from each joining on; from now on it can be checked. To be called at
 * every tick, by any number of instances: one at a time reads the lobby, and the first draw to be settled
 * in the database stands. Answers what stands, or null while there is none.
 *
 * Throws Unavailable: nothing has been settled, and the next tick begins anew. Cost: a step of the store
 * and a row for each thousand entrants, and 32 bytes of memory for each of them.
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
    // Of a queue that is over nobody is left to be drawn; of one that waits for its people, not all are there.
    if (finalState(state) !== null || state === "RECOVERING") return null;
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
    // In another epoch it is what is left after a loss, not the lobby that was whole a moment ago.
    if (first.kind !== "page" || first.epoch !== epoch) return null;
    const record = await writeList(deps, attempt, first, read);
    return record === null ? null : deps.draws.save(attempt, record);
  };
