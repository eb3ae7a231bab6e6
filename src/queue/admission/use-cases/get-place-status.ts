import type { QueueClaims } from "#kernel/place.ts";
import { finalState, stateAt } from "../domain/queue-state.ts";
import type { QueueSchedule, Sales, Stock } from "../ports/sales.ts";
import { findPlaceStatus, type FindPlaceStatusDeps } from "./find-place-status.ts";
import type { FoundPlace } from "../ports/queue-store.ts";
import { queueStatus, type QueueStatus, type StatusDeps } from "../presenters/queue-status.ts";

export interface PlaceStatusDeps extends FindPlaceStatusDeps, StatusDeps {
  readonly sales: Pick<Sales, "find" | "stock">;
}

export type PlaceStatusOutcome =
  | { readonly kind: "unknown-concert" }
  | { readonly kind: "found"; readonly status: QueueStatus };

interface Checked {
  readonly found: FoundPlace;
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
}

const check = async (deps: PlaceStatusDeps, claims: QueueClaims): Promise<Checked | null> => {
  const schedule = await deps.sales.find(claims.concertId);
  if (schedule === null) return null;
  const stock = await deps.sales.stock(claims.concertId);
  const final = finalState(stateAt(schedule, stock, deps.clock.nowMs()));
  return { found: await findPlaceStatus(deps)(claims, final), schedule, stock };
};

/**
 * Tells the owner of a place where it stands, and when to ask again; also of one that has ended.
 * Asking counts as being there. Throws Unavailable (see `findPlaceStatus`). One store step, shared by
 * all who ask in one event-loop turn.
 */
export const getPlaceStatus =
  (deps: PlaceStatusDeps) =>
  async (claims: QueueClaims): Promise<PlaceStatusOutcome> => {
    const checked = await check(deps, claims);
    if (checked === null) return { kind: "unknown-concert" };
    const { userId, epoch, seq } = claims;
    const status = queueStatus(deps, { userId, place: { epoch, seq }, shown: claims, ...checked });
    return { kind: "found", status };
  };

/** Whether a place may act now; using the token counts as claiming the slot. Throws Unavailable. */
export const checkActive =
  (deps: PlaceStatusDeps) =>
  async (claims: QueueClaims): Promise<"active" | "waiting" | "ended"> =>
    (await check(deps, claims))?.found.status.kind ?? "ended";
