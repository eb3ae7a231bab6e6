import {
  queueStoreContract,
  type Life,
  type QueueUnderTest,
} from "../../ports/queue-store.contract.ts";
import { getStatusesContract } from "../../ports/get-statuses.contract.ts";
import { livePlacesContract } from "../../ports/live-places.contract.ts";
import { lobbyContract } from "../../ports/lobby.contract.ts";
import { absenceContract } from "../../ports/absence.contract.ts";
import { lateNewsContract } from "../../ports/late-news.contract.ts";
import { recoveryContract } from "../../ports/recovery.contract.ts";
import { retentionContract } from "../../ports/retention.contract.ts";
import { passContract } from "../../ports/pass.contract.ts";
import { seatGateContract } from "../../ports/seat-gate.contract.ts";
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
lobbyContract("memory", open);
absenceContract("memory", open);
recoveryContract("memory", open);
lateNewsContract("memory", open);
retentionContract("memory", open);
