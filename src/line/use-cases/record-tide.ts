import type { Clock, InstantMs } from "#kernel/instant.ts";
import type { ConcertId } from "#kernel/ids.ts";
import { hasMoved, type Tide } from "../domain/tide.ts";
import type { LineStore } from "../ports/line-store.ts";
import type { Sales } from "../ports/sales.ts";
import type { Tides } from "../ports/tides.ts";

export interface RecordTideDeps {
  readonly store: Pick<LineStore, "figures">;
  readonly sales: Pick<Sales, "stock">;
  readonly tides: Pick<Tides, "write" | "forgetBefore">;
  readonly clock: Clock;
  /** Monotonic, ms. */
  readonly monotonicMs: () => number;
}

const everyMs = 1_000;
const linesMax = 10_000;
const keptMs = 30 * 86_400_000;
const forgetEveryMs = 60_000;

interface Recorded {
  readonly lookedAtMs: number;
  readonly tide: Tide | null;
}

const secondOf = (atMs: InstantMs): InstantMs => Math.floor(atMs / 1_000) * 1_000;

const readTide = async ({ store, sales }: RecordTideDeps, concertId: ConcertId): Promise<Tide> => {
  const [{ atMs, epoch, figures }, stock] = await Promise.all([
    store.figures(concertId),
    sales.stock(concertId),
  ]);
  return {
    lineEpoch: epoch,
    atMs: secondOf(atMs),
    lastIssued: figures.lastIssued,
    waiting: figures.waiting,
    active: figures.active,
    admitted: figures.admittedTotal,
    left: figures.left,
    lapsed: figures.lapsed,
    stock: stock && { available: stock.available, held: stock.held, sold: stock.sold },
  };
};

/**
 * Notes how a line stands, at most once a second and only when something has moved since this instance
 * last looked; to be called at every tick. Any number of instances may do so: one note a second stays.
 * Notes older than 30 days are removed, a few thousand a minute. Throws Unavailable.
 *
 * Cost: one step of the line's store a second, and one row while the line moves.
 */
export const recordTide = (deps: RecordTideDeps) => {
  const recorded = new Map<ConcertId, Recorded>();
  let forgottenAtMs = -Infinity;

  const forgetOld = async (): Promise<void> => {
    const nowMs = deps.monotonicMs();
    if (nowMs - forgottenAtMs < forgetEveryMs) return;
    forgottenAtMs = nowMs;
    await deps.tides.forgetBefore(deps.clock.nowMs() - keptMs);
  };

  const remember = (concertId: ConcertId, one: Recorded): void => {
    recorded.delete(concertId);
    recorded.set(concertId, one);
    const [longestAgo] = recorded.keys();
    if (recorded.size > linesMax && longestAgo !== undefined) recorded.delete(longestAgo);
  };

  return async (concertId: ConcertId): Promise<void> => {
    const last = recorded.get(concertId);
    const lookedAtMs = deps.monotonicMs();
    if (last !== undefined && lookedAtMs - last.lookedAtMs < everyMs) return;
    remember(concertId, { lookedAtMs, tide: last?.tide ?? null });
    const tide = await readTide(deps, concertId);
    if (last?.tide && !hasMoved(last.tide, tide)) return;
    await deps.tides.write(concertId, tide);
    remember(concertId, { lookedAtMs, tide });
    await forgetOld();
  };
};
