import type { InstantMs } from "#kernel/instant.ts";
import type { SaleSettings } from "./concert.ts";

/** A ramp may last up to an hour. */
export const rampSecondsMax = 3_600;

export type QueueControl =
  | { readonly kind: "pause" }
  | { readonly kind: "resume"; readonly rampSeconds: number | null }
  | { readonly kind: "close" };

/** The part of the settings that the controls move. */
export type ControlState = Pick<
  SaleSettings,
  "pausedAtMs" | "resumedAtMs" | "rampSeconds" | "closedAtMs"
>;

export type ControlOutcome =
  /** Closed is final: the queue can neither pause nor go on. */
  | { readonly kind: "closed" }
  /** It stands as the control wants it already. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "changed"; readonly state: ControlState };

/**
 * What a control does to a queue. A queue runs, is paused, or is closed for good; the first pause and the
 * first closing count, a resume without a pause does nothing.
 */
export const applyControl = (
  now: ControlState,
  control: QueueControl,
  nowMs: InstantMs,
): ControlOutcome => {
  if (control.kind === "close")
    return now.closedAtMs === null
      ? { kind: "changed", state: { ...now, closedAtMs: nowMs } }
      : { kind: "unchanged" };
  if (now.closedAtMs !== null) return { kind: "closed" };
  const isPaused = now.pausedAtMs !== null;
  if (isPaused === (control.kind === "pause")) return { kind: "unchanged" };
  const state =
    control.kind === "pause"
      ? { pausedAtMs: nowMs, resumedAtMs: null, rampSeconds: null }
      : { pausedAtMs: null, resumedAtMs: nowMs, rampSeconds: control.rampSeconds };
  return { kind: "changed", state: { ...state, closedAtMs: null } };
};
