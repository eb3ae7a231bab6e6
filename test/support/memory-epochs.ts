import type { ConcertId } from "#kernel/ids.ts";
import type { Epochs } from "../../src/line/ports/durable.ts";

type Word = { readonly epoch: number; readonly runId: string };

/** Epochs in the memory of this process: what tests of the Redis adapter take for the database. */
export const memoryEpochs = (): Epochs => {
  const words = new Map<ConcertId, Word>();
  return {
    read: async (concertId) => words.get(concertId) ?? null,
    async raise(concertId, from, runId) {
      const word = words.get(concertId);
      if ((word?.epoch ?? 0) === from) words.set(concertId, { epoch: from + 1, runId });
      return words.get(concertId) as Word;
    },
  };
};
