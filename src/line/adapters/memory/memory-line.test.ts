import { lineStoreContract } from "../../ports/line-store.contract.ts";
import { lobbyContract, type LobbyUnderTest } from "../../ports/lobby.contract.ts";
import { passContract } from "../../ports/pass.contract.ts";
import { seatGateContract } from "../../ports/seat-gate.contract.ts";
import { memoryEpochs } from "../../../../test/support/memory-epochs.ts";
import { memoryLine } from "./memory-line.ts";

const open = async (): Promise<LobbyUnderTest> => {
  let nowMs = 1_790_000_000_000;
  const line = memoryLine({
    clock: { nowMs: () => nowMs },
    epochs: memoryEpochs(),
    runId: "this process",
  });
  return {
    ...line,
    nowMs: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
};

lineStoreContract("memory", open);
passContract("memory", open);
seatGateContract("memory", open);
lobbyContract("memory", open);
