import type { ServerResponse } from "node:http";

/** Open event streams of this process. */
export interface Streams {
  readonly open: number;
  /**
   * Writes the chunks until the source, the client or the server ends; a source that is told to
   * return by the server may do so with a last chunk. Never rejects.
   */
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

/** One stream on its way. A class only because there may be many thousands: they share what they do. */
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

  /** The source gets this turn of the event loop to say a last thing; it may be in the middle of waiting. */
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

  /** It ends when it next looks, or by the request's signal. */
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
        // Who went away before this began is not heard to go.
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
