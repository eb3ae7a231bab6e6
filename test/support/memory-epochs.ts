import type { ConcertId } from "#kernel/ids.ts";
import type { EpochRecord, Epochs } from "../../src/queue/recovery/ports/epochs.ts";

/**
 * Epochs in the memory of this process: what tests of the Redis adapter take for the database.
 * Another store takes a queue over at once. `inUse`:
 * people have had places in every queue before, in a life of the store that was the first one.
 */
export const memoryEpochs = (options: { readonly inUse?: boolean } = {}): Epochs => {
  const words = new Map<ConcertId, EpochRecord>();
  const before =
    options.inUse === true ? { epoch: 1, runId: "before", inUse: true, waitingList: false } : null;
  const read = (concertId: ConcertId): EpochRecord | null => words.get(concertId) ?? before;
  return {
    read: async (concertId) => read(concertId),
    async raise(concertId, from, runId) {
      const known = read(concertId) ?? { epoch: 0, inUse: false, waitingList: false };
      if (known.epoch === from) words.set(concertId, { ...known, epoch: from + 1, runId });
      return read(concertId) as EpochRecord;
    },
    confirm: async (runId, queues) =>
      queues
        .filter(({ concertId, epoch }) => {
          const word = read(concertId);
          return word?.epoch === epoch && word.runId === runId;
        })
        .map(({ concertId }) => concertId),
    async markInUse(concertId) {
      const word = words.get(concertId);
      if (word !== undefined) words.set(concertId, { ...word, inUse: true });
    },
    async markWaitingList(concertId) {
      const word = words.get(concertId);
      if (word !== undefined) words.set(concertId, { ...word, waitingList: true });
    },
  };
};
