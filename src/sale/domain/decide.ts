import type { InstantMs } from "#kernel/instant.ts";
import type { BatchState } from "./batch-state.ts";
import type { Command, Outcome } from "./commands.ts";
import { decideCancel, decideLapse, decideLeave } from "./decide-ending.ts";
import { decideCharge, decidePay } from "./decide-money.ts";
import { decideBest, decideReserve } from "./decide-reserve.ts";

/** The id that the command gives to the record that it creates, or null when it creates none. */
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
 * Decides one command on the state as the earlier commands of its batch left it, and records its changes
 * in the state. A refusal records nothing. Null: seats must be locked first; see `decideBest`.
 *
 * `nowMs` is the database's clock, read after all locks were taken: a command that waited for a lock must
 * not accept a hold that has lapsed meanwhile.
 */
export const decide = (state: BatchState, command: Command, nowMs: InstantMs): Outcome | null => {
  const id = ownId(command);
  const applied = id === null ? undefined : state.applied.get(id);
  if (applied) return applied;
  switch (command.kind) {
    case "reserve": {
      const { best } = command;
      return best === undefined
        ? decideReserve(state, command, nowMs)
        : decideBest(state, { ...command, best }, nowMs);
    }
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
