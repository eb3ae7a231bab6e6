import { memoryEpochs } from "#test/support/memory-epochs.ts";
import { placeFinderContract } from "../../ports/place-finder.contract.ts";
import { memoryQueue } from "./memory-queue.ts";

placeFinderContract("memory", async () => {
  let nowMs = 1_790_000_000_000;
  const clock = { nowMs: () => nowMs };
  return {
    ...memoryQueue({ clock, epochs: memoryEpochs(), runId: "this process" }),
    ...clock,
    advance: (ms) => {
      nowMs += ms;
    },
  };
});
