import type { QueueClaims } from "#kernel/place.ts";
import type { Stock } from "#kernel/stock.ts";
import { finalState, stateAt } from "../domain/queue-state.ts";
import type { QueueSchedule, Sales } from "../ports/sales.ts";
import { findPlaceStatus, isBehind, type FindPlaceStatusDeps } from "./find-place-status.ts";
import { readSale } from "./read-sale.ts";
import type { FoundPlace } from "../ports/queue-store.ts";
import { queueStatus, type QueueStatus, type StatusDeps } from "../presenters/queue-status.ts";

export interface PlaceStatusDeps extends FindPlaceStatusDeps, StatusDeps {
  readonly sales: Pick<Sales, "find" | "stock" | "refresh">;
}

export type PlaceStatusOutcome =
  | { readonly kind: "unknown-concert" }
  | { readonly kind: "found"; readonly status: QueueStatus };

interface Read {
  readonly found: FoundPlace;
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
}

const read = async (deps: PlaceStatusDeps, claims: QueueClaims): Promise<Read | null> => {
  const { sales, clock } = deps;
  const { concertId } = claims;
  const reading = readSale(sales, concertId);
  const sale = reading instanceof Promise ? await reading : reading;
  if (sale === null) return null;
  const { schedule, stock } = sale;
  const final = finalState(stateAt(schedule, stock, clock.nowMs()), schedule.policy);
  const found = await findPlaceStatus(deps)(claims, final);
  if (!isBehind(schedule, found.status)) return { found, schedule, stock };
  await sales.refresh();
  return { found, schedule: (await sales.find(concertId)) ?? schedule, stock };
};

/**
 * Returns the status of the place that a token names, also of an ended one, with the time of the next poll.
 * Marks the user as present. Throws Unavailable (see `findPlaceStatus`). Cost: one store step, shared by the
 * callers of one event-loop turn; once more the settings of the concerts where `isBehind`.
 */
export const getPlaceStatus =
  (deps: PlaceStatusDeps) =>
  async (claims: QueueClaims): Promise<PlaceStatusOutcome> => {
    const found = await read(deps, claims);
    if (found === null) return { kind: "unknown-concert" };
    const { userId, epoch, seq } = claims;
    const status = queueStatus(deps, { userId, place: { epoch, seq }, shown: claims, ...found });
    return { kind: "found", status };
  };

/** Whether the place may buy now. Claims an ACTIVE slot. Throws Unavailable. */
export const checkActive =
  (deps: PlaceStatusDeps) =>
  async (claims: QueueClaims): Promise<"active" | "waiting" | "ended"> =>
    (await read(deps, claims))?.found.status.kind ?? "ended";
