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
import { findPlaceStatus, type FindPlaceStatusDeps } from "./find-place-status.ts";
import { readFinal } from "./read-queue.ts";

export interface PassGateDeps extends FindPlaceStatusDeps {
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

/** The queue cannot tell: its store is away. Who is ACTIVE by his token may go on to the database. */
interface Away {
  readonly kind: "away";
}

export type PassGateOutcome = Exclude<GateOutcome, Unsure> | Away;

export type GlancedOutcome = Exclude<GlanceOutcome, Unsure> | Away;

type Turned = { readonly kind: "not-active" } | { readonly kind: "ended" };
/** The store has lost the place, or does not know yet whether a hold carries its slot. */
type Unsure = { readonly kind: "unknown" } | { readonly kind: "spared" };

/**
 * What the gate says of a place. One that the store has lost is put back first, with
 * `activeUntilSeconds` into its slot, and asked for again; so is one that waits by the store's old file and
 * is ACTIVE by its token. Where the store does not know yet, it is `away`: the database decides.
 */
const askGate = async <Outcome extends { readonly kind: string }>(
  deps: PassGateDeps,
  place: GlanceAt,
  ask: () => Promise<Outcome | Turned | Unsure>,
): Promise<Outcome | Turned | Away> => {
  try {
    const said = await ask();
    if (said.kind === "spared") return { kind: "away" };
    if (!isUnsure(said) && said.kind !== "not-active") return said;
    const turned = await turnedBack(deps, place, said.kind === "unknown");
    if (turned !== null) return turned;
    const again = await ask();
    if (again.kind === "unknown") return { kind: "ended" };
    return isUnsure(again) || again.kind === "not-active" ? { kind: "away" } : again;
  } catch (error) {
    if (error instanceof Unavailable) return { kind: "away" };
    throw error;
  }
};

/** Why a place is turned back that the store has lost or has waiting; null when it is ACTIVE all the same. */
const turnedBack = async (
  deps: PassGateDeps,
  place: GlanceAt,
  isLost: boolean,
): Promise<Turned | null> => {
  // Who waits for a sale that is over waits no longer.
  const final = await readFinal(deps)(place.concertId);
  const claims = claimsOf(place);
  if (!isLost && !saysActive(claims, deps.clock.nowMs())) {
    return { kind: final === null ? "not-active" : "ended" };
  }
  const { placeStatus } = await findPlaceStatus(deps)(claims, final);
  if (placeStatus.kind === "ended") return { kind: "ended" };
  return placeStatus.kind === "waiting" ? { kind: "not-active" } : null;
};

const isUnsure = (said: { readonly kind: string }): said is Unsure =>
  said.kind === "unknown" || said.kind === "spared";

/**
 * Lets a place that is ACTIVE through to the seats, which are locked for it: see `SeatGate.enter`. A
 * place that the store has lost is put back first. Does not throw Unavailable: that is `away`.
 */
export const passGate =
  (deps: PassGateDeps) =>
  (attempt: GateAttempt): Promise<PassGateOutcome> =>
    askGate<Exclude<GateOutcome, Turned | Unsure>>(deps, attempt, () => deps.gate.enter(attempt));

/** As `passGate` of a place that is going to be turned away: nothing is locked. One store step for all. */
export const glanceAtGate =
  (deps: PassGateDeps) =>
  (place: GlanceAt): Promise<GlancedOutcome> =>
    askGate<Exclude<GlanceOutcome, Turned | Unsure>>(deps, place, () => deps.gate.glance(place));

const claimsOf = (asked: GlanceAt): QueueClaims => {
  const { userId, concertId, epoch, seq, activeUntilSeconds } = asked;
  const place = { userId, concertId, epoch, seq, placeId: placeIdOf(asked) };
  return activeUntilSeconds === undefined ? place : { ...place, activeUntilSeconds };
};
