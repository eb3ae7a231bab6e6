import { memoryEpochs } from "../../../../test/support/memory-epochs.ts";
import { lookoutContract } from "../../ports/lookout.contract.ts";
import { memoryLine } from "./memory-line.ts";

lookoutContract("memory", async () => {
  let nowMs = 1_790_000_000_000;
  const clock = { nowMs: () => nowMs };
  return {
    ...memoryLine({ clock, epochs: memoryEpochs(), runId: "this process" }),
    ...clock,
    advance: (ms) => {
      nowMs += ms;
    },
  };
});
