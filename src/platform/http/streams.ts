import type { ServerResponse } from "node:http";

/** Open event streams of this process. */
export interface Streams {
  readonly open: number;
  /**
   * Writes the chunks until the source, the client or the server ends. When the server ends first, the
   * source may return one last chunk. Never rejects.
   */
  pump(
    source: AsyncIterable<string>,
    response: ServerResponse,
    onError: (error: unknown) => void,
  ): Promise<void>;
  /** Ends every stream, and each later one at once, so that clients reconnect to another instance. */
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

/** One open stream. A class, so that many thousands of streams share their methods. */
class Pump {
  isOver = false;
  readonly #iterator: AsyncIterator<string, unknown>;
  readonly #response: ServerResponse;
  readonly #onError: (error: unknown) => void;

  constructor(
    source: AsyncIterable<string>,
    response: ServerResponse,
    onError: (error: unknown) => void,
  ) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#response = response;
    this.#onError = onError;
  }

  async run(): Promise<void> {
    while (!this.isOver) {
      const next = await this.#iterator.next();
      if (this.isOver || next.done === true) return;
      if (!this.#response.write(next.value)) await drained(this.#response);
    }
  }

  fail(error: unknown): void {
    this.#onError(error);
  }

  end(): void {
    this.isOver = true;
    this.#response.end();
    this.#stop().catch(this.#onError);
  }

  /** Ends the stream after one turn of the event loop, in which the source may return a last chunk. */
  async dismiss(): Promise<void> {
    this.isOver = true;
    const response = this.#response;
    this.#stop()
      .then((last) => {
        if (typeof last === "string" && !response.writableEnded) response.write(last);
      })
      .catch(this.#onError);
    await new Promise((resolve) => setImmediate(resolve));
    response.end();
  }

  /** Asks the source to return. A source that waits ends by the request's signal. */
  async #stop(): Promise<unknown> {
    return (await this.#iterator.return?.())?.value;
  }
}

export const createStreams = (onCount: (open: number) => void): Streams => {
  const pumps = new Set<Pump>();
  let ended = false;

  const remove = (pump: Pump): boolean => {
    const isFirst = pumps.delete(pump);
    if (isFirst) onCount(pumps.size);
    return isFirst;
  };

  return {
    get open() {
      return pumps.size;
    },
    async pump(source, response, onError) {
      const pump = new Pump(source, response, onError);
      pumps.add(pump);
      onCount(pumps.size);
      const end = (): void => {
        if (remove(pump)) pump.end();
      };
      response.once("close", end);
      try {
        if (ended && remove(pump)) await pump.dismiss();
        // The close event of a client that left earlier is over.
        if (response.destroyed) end();
        await pump.run();
      } catch (error) {
        pump.fail(error);
      } finally {
        end();
      }
    },
    endAll() {
      ended = true;
      for (const pump of pumps) {
        if (remove(pump)) void pump.dismiss();
      }
    },
  };
};
