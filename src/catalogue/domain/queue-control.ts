import type { InstantMs } from "#kernel/instant.ts";
import type { SaleSettings } from "./concert.ts";

/** The longest ramp: an hour. */
export const rampSecondsMax = 3_600;

export type QueueControl =
  | { readonly kind: "pause" }
  | { readonly kind: "resume"; readonly rampSeconds: number | null }
  | { readonly kind: "close" };

/** The settings that the controls change. */
export type ControlState = Pick<
  SaleSettings,
  "pausedAtMs" | "resumedAtMs" | "rampSeconds" | "closedAtMs"
>;

export type ControlOutcome =
  /** A closed queue can be neither paused nor resumed. */
  | { readonly kind: "closed" }
  /** The queue is in that state already. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "changed"; readonly state: ControlState };

/**
 * Applies a control to a queue, which is running, paused or closed. Closed is final. The first pause and
 * the first close set their time; a repetition changes nothing, and neither does a resume without a pause.
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
