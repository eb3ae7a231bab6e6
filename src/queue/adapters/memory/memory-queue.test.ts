import {
  queueStoreContract,
  type Life,
  type QueueUnderTest,
} from "../../contracts/queue-store.contract.ts";
import { getStatusesContract } from "../../contracts/get-statuses.contract.ts";
import { livePlacesContract } from "../../contracts/live-places.contract.ts";
import { lobbyContract } from "../../contracts/lobby.contract.ts";
import { absenceContract } from "../../contracts/absence.contract.ts";
import { lateEventsContract } from "../../contracts/late-events.contract.ts";
import { recoveryContract } from "../../contracts/recovery.contract.ts";
import { retentionContract } from "../../contracts/retention.contract.ts";
import { passContract } from "../../contracts/admission-pass.contract.ts";
import { carriedSlotsContract } from "../../contracts/carried-slots.contract.ts";
import { idleSlotsContract } from "../../contracts/idle-slots.contract.ts";
import { turnCountsContract } from "../../contracts/turn-counts.contract.ts";
import { seatGateContract } from "../../contracts/seat-gate.contract.ts";
import { waitingListContract } from "../../contracts/waiting-list.contract.ts";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import { memoryQueue } from "./memory-queue.ts";

const open = async (life: Life = "first"): Promise<QueueUnderTest> => {
  let nowMs = 1_790_000_000_000;
  const epochs = memoryEpochs({ inUse: life === "after a loss" });
  const queue = memoryQueue({
    clock: { nowMs: () => nowMs },
    epochs,
    runId: "this process",
  });
  return {
    ...queue,
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    outlive: async (ms) => {
      nowMs += ms;
    },
  };
};

queueStoreContract("memory", open);
passContract("memory", open);
getStatusesContract("memory", open);
livePlacesContract("memory", open);
seatGateContract("memory", open);
carriedSlotsContract("memory", open);
idleSlotsContract("memory", open);
turnCountsContract("memory", open);
lobbyContract("memory", open);
absenceContract("memory", open);
recoveryContract("memory", open);
lateEventsContract("memory", open);
retentionContract("memory", open);
waitingListContract("memory", open);
