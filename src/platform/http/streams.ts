import type { ServerResponse } from "node:http";

/** Open event streams of this process. */
export interface Streams {
  readonly open: number;
  /** Writes the chunks until the source, the client or the server ends. Never rejects. */
  pump(
    source: AsyncIterable<string>,
    response: ServerResponse,
    onError: (error: unknown) => void,
  ): Promise<void>;
  /** Ends every stream, and every later one at once: clients come back to another instance. */
  endAll(): void;
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
  });

export const createStreams = (onCount: (open: number) => void): Streams => {
  const ends = new Set<() => void>();
  let ended = false;

  return {
    get open() {
      return ends.size;
    },
    async pump(source, response, onError) {
      const iterator = source[Symbol.asyncIterator]();
      let over = false;
      const end = (): void => {
        if (over) return;
        over = true;
        ends.delete(end);
        onCount(ends.size);
        response.end();
        // The source may be in the middle of waiting: it ends when it next looks, or by the signal.
        Promise.resolve(iterator.return?.()).catch(onError);
      };
      ends.add(end);
      onCount(ends.size);
      response.once("close", end);
      try {
        if (ended) end();
        while (!over) {
          const next = await iterator.next();
          if (over || next.done === true) break;
          if (!response.write(next.value)) await drained(response);
        }
      } catch (error) {
        onError(error);
      } finally {
        end();
      }
    },
    endAll() {
      ended = true;
      for (const end of ends) end();
    },
  };
};
