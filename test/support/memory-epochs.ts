import type { ConcertId } from "#kernel/ids.ts";
import type { EpochWord, Epochs } from "../../src/line/ports/durable.ts";

/**
 * Epochs in the memory of this process: what tests of the Redis adapter take for the database. `inUse`:
 * people have had places in every line before.
 */
export const memoryEpochs = (options: { readonly inUse?: boolean } = {}): Epochs => {
  const words = new Map<ConcertId, EpochWord>();
  return {
    read: async (concertId) => words.get(concertId) ?? null,
    async raise(concertId, from, runId) {
      const word = words.get(concertId);
      const inUse = word?.inUse ?? options.inUse ?? false;
      if ((word?.epoch ?? 0) === from) words.set(concertId, { epoch: from + 1, runId, inUse });
      return words.get(concertId) as EpochWord;
    },
    async use(concertId) {
      const word = words.get(concertId);
      if (word !== undefined) words.set(concertId, { ...word, inUse: true });
    },
  };
};
