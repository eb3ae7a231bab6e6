import type { InstantMs } from "#kernel/instant.ts";
import type { SaleSettings } from "./concert.ts";

/** The longest ramp: an hour. */
export const rampSecondsMax = 3_600;

export type QueueControl =
  | { readonly kind: "pause" }
  | { readonly kind: "resume"; readonly rampSeconds: number | null }
  | { readonly kind: "close" }
  /** Cancels the concert; `reason` is for the audit trail. */
  | { readonly kind: "cancel"; readonly reason: string };

/** The settings that the controls change. */
export type ControlState = Pick<
  SaleSettings,
  "pausedAtMs" | "resumedAtMs" | "rampSeconds" | "closedAtMs" | "cancelledAtMs"
>;

export type ControlOutcome =
  /** A closed queue can be neither paused nor resumed. */
  | { readonly kind: "closed" }
  /** The queue is in that state already. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "changed"; readonly state: ControlState };

/**
 * Applies a control to a queue, which is running, paused or closed. Closed is final, and cancelling the concert
 * closes its queue. The first pause, close and cancelling set their time; a repetition changes nothing, and neither
 * does a resume without a pause.
 */
export const applyControl = (
  now: ControlState,
  control: QueueControl,
  nowMs: InstantMs,
): ControlOutcome => {
  if (control.kind === "close" || control.kind === "cancel") {
    const closedAtMs = now.closedAtMs ?? nowMs;
    const cancelledAtMs = now.cancelledAtMs ?? (control.kind === "cancel" ? nowMs : null);
    return closedAtMs === now.closedAtMs && cancelledAtMs === now.cancelledAtMs
      ? { kind: "unchanged" }
      : { kind: "changed", state: { ...now, closedAtMs, cancelledAtMs } };
  }
  if (now.closedAtMs !== null) return { kind: "closed" };
  const isPaused = now.pausedAtMs !== null;
  if (isPaused === (control.kind === "pause")) return { kind: "unchanged" };
  const state =
    control.kind === "pause"
      ? { pausedAtMs: nowMs, resumedAtMs: null, rampSeconds: null }
      : { pausedAtMs: null, resumedAtMs: nowMs, rampSeconds: control.rampSeconds };
  return { kind: "changed", state: { ...now, ...state } };
};
