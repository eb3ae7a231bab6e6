import type { InstantMs } from "#kernel/instant.ts";
import type { BatchState } from "./batch-state.ts";
import type { Command, Outcome } from "./commands.ts";
import { decideCancel, decideLapse, decideLeave } from "./decide-ending.ts";
import { decideCharge, decidePay } from "./decide-money.ts";
import { decideReserve } from "./decide-reserve.ts";

/** The id that a command gives to what it makes, or null when it makes nothing. */
export const ownId = (command: Command): string | null => {
  switch (command.kind) {
    case "reserve":
      return command.reservationId;
    case "pay":
      return command.paymentId;
    case "charge":
      return command.chargeId;
    case "cancel":
    case "leave":
    case "lapse":
      return null;
  }
};

/**
 * Decides one command on the state as the earlier ones of its batch left it, and records in the state
 * what it changes. A refusal records nothing. `nowMs` is the database's clock, read after the locks.
 */
export const decide = (state: BatchState, command: Command, nowMs: InstantMs): Outcome => {
  const id = ownId(command);
  const applied = id === null ? undefined : state.applied.get(id);
  if (applied) return applied;
  switch (command.kind) {
    case "reserve":
      return decideReserve(state, command, nowMs);
    case "pay":
      return decidePay(state, command, nowMs);
    case "charge":
      return decideCharge(state, command, nowMs);
    case "cancel":
      return decideCancel(state, command, nowMs);
    case "leave":
      return decideLeave(state, command, nowMs);
    case "lapse":
      return decideLapse(state, command, nowMs);
  }
};
