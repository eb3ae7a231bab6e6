import type { QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/trouble.ts";
import { placeIdOf } from "../domain/place.ts";
import { saysActive } from "../domain/token-claims.ts";
import type {
  Attempt,
  GateOutcome,
  GatePlace,
  GlanceOutcome,
  SeatGate,
} from "../ports/seat-gate.ts";
import type { Sales } from "../ports/sales.ts";
import { findStanding, type FindStandingDeps } from "./find-standing.ts";
import { readFinal } from "./read-queue.ts";

export interface PassGateDeps extends FindStandingDeps {
  readonly gate: Pick<SeatGate, "enter" | "glance">;
  readonly sales: Pick<Sales, "find" | "stock">;
}

/** What the token of a place says of its slot's end. */
interface Told {
  readonly activeUntilSeconds?: number | undefined;
}

/** An attempt with what its token says of the slot's end. */
export interface GateAttempt extends Attempt, Told {}

/** A place with what its token says of the slot's end. */
export interface GlanceAt extends GatePlace, Told {}

/** The line cannot tell: its store is away. Who is ACTIVE by his token may go on to the database. */
interface Away {
  readonly kind: "away";
}

export type PassGateOutcome = Exclude<GateOutcome, { kind: "unknown" }> | Away;

export type GlancedOutcome = Exclude<GlanceOutcome, { kind: "unknown" }> | Away;

type Turned = { readonly kind: "not-active" } | { readonly kind: "ended" };
type Unknown = { readonly kind: "unknown" };

/**
 * What the gate says of a place; one that the store has lost is put back first, with
 * `activeUntilSeconds` into its slot, and asked for again. Who waits by the store, is ACTIVE by his token
 * and not known to have ended is `away` while the line waits for its people.
 */
const askGate = async <Outcome extends { readonly kind: string }>(
  deps: PassGateDeps,
  place: GlanceAt,
  ask: () => Promise<Outcome | Turned | Unknown>,
): Promise<Outcome | Turned | Away> => {
  try {
    const said = await ask();
    if (!isUnknown(said) && said.kind !== "not-active") return said;
    // Who waits for a sale that is over waits no longer.
    const final = await readFinal(deps)(place.concertId);
    const claims = claimsOf(place);
    if (!isUnknown(said) && !saysActive(claims, deps.clock.nowMs())) {
      return { kind: final === null ? "not-active" : "ended" };
    }
    const { standing } = await findStanding(deps)(claims, final);
    if (standing.kind === "ended") return { kind: "ended" };
    if (standing.kind === "waiting") return { kind: "not-active" };
    // The store's old file has him wait: until it is brought to what is known, the database decides.
    if (!isUnknown(said)) return { kind: "away" };
    const again = await ask();
    return isUnknown(again) ? { kind: "ended" } : again;
  } catch (error) {
    if (error instanceof Unavailable) return { kind: "away" };
    throw error;
  }
};

const isUnknown = (said: { readonly kind: string }): said is Unknown => said.kind === "unknown";

/**
 * Lets a place that is ACTIVE through to the seats, which are locked for it: see `SeatGate.enter`. A
 * place that the store has lost is put back first. Does not throw Unavailable: that is `away`.
 */
export const passGate =
  (deps: PassGateDeps) =>
  (attempt: GateAttempt): Promise<PassGateOutcome> =>
    askGate<Exclude<GateOutcome, Turned | Unknown>>(deps, attempt, () => deps.gate.enter(attempt));

/** As `passGate` of a place that is going to be turned away: nothing is locked. One store step for all. */
export const glanceAtGate =
  (deps: PassGateDeps) =>
  (place: GlanceAt): Promise<GlancedOutcome> =>
    askGate<Exclude<GlanceOutcome, Turned | Unknown>>(deps, place, () => deps.gate.glance(place));

const claimsOf = (asked: GlanceAt): QueueClaims => {
  const { userId, concertId, epoch, seq, activeUntilSeconds } = asked;
  const place = { userId, concertId, epoch, seq, placeId: placeIdOf(asked) };
  return activeUntilSeconds === undefined ? place : { ...place, activeUntilSeconds };
};
