import type { ServerResponse } from "node:http";

/**
 * - `events`  ends with the server, so that its client reconnects to another instance
 * - `file`    is sent to its end; when the connection is closed before, the client sees that it is cut off
 */
export type StreamKind = "events" | "file";

/** Open streams of this process. */
export interface Streams {
  /**
   * Writes the chunks until the source, the client or the server ends. When the server ends first, the
   * source of events may return one last chunk. A source that fails breaks the connection off, so that a part
   * never looks like the whole. So does a client that takes nothing for `writeWithinMs`. Never rejects.
   */
  pump(
    kind: StreamKind,
    source: AsyncIterable<string>,
    response: ServerResponse,
    onError: (error: unknown) => void,
  ): Promise<void>;
  /** Ends every stream of events, and each later one at once. */
  endAll(): void;
}

/** Lets the source of an answer that is not sent end its work. */
export const endUnread = (source: AsyncIterable<string>): void =>
  void source[Symbol.asyncIterator]().return?.();

/** Resolves when the client has taken what was written, or is gone. After `withinMs` it is gone. */
const drained = (response: ServerResponse, withinMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), withinMs);
    const done = (): void => {
      clearTimeout(timer);
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
  readonly kind: StreamKind;
  readonly #iterator: AsyncIterator<string, unknown>;
  readonly #response: ServerResponse;
  readonly #onError: (error: unknown) => void;

  constructor(
    kind: StreamKind,
    source: AsyncIterable<string>,
    response: ServerResponse,
    onError: (error: unknown) => void,
  ) {
    this.kind = kind;
    this.#iterator = source[Symbol.asyncIterator]();
    this.#response = response;
    this.#onError = onError;
  }

  async run(writeWithinMs: number): Promise<void> {
    while (!this.isOver) {
      const next = await this.#iterator.next();
      if (this.isOver || next.done === true) return;
      if (!this.#response.write(next.value)) await drained(this.#response, writeWithinMs);
    }
  }

  fail(error: unknown): void {
    this.#onError(error);
    this.#response.destroy();
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

  /** Asks the source to return. A source that waits for its next chunk must end then. */
  async #stop(): Promise<unknown> {
    return (await this.#iterator.return?.())?.value;
  }
}

export const createStreams = (options: {
  readonly writeWithinMs: number;
  /** Called when a stream opens (1) or closes (-1). */
  readonly onChange: (change: 1 | -1) => void;
}): Streams => {
  const { writeWithinMs, onChange } = options;
  const pumps = new Set<Pump>();
  let ended = false;

  const remove = (pump: Pump): boolean => {
    const isFirst = pumps.delete(pump);
    if (isFirst) onChange(-1);
    return isFirst;
  };

  return {
    async pump(kind, source, response, onError) {
      const pump = new Pump(kind, source, response, onError);
      pumps.add(pump);
      onChange(1);
      const end = (): void => {
        if (remove(pump)) pump.end();
      };
      response.once("close", end);
      try {
        if (ended && kind === "events" && remove(pump)) await pump.dismiss();
        // The close event of a client that left earlier is over.
        if (response.destroyed) end();
        await pump.run(writeWithinMs);
      } catch (error) {
        pump.fail(error);
      } finally {
        end();
      }
    },
    endAll() {
      ended = true;
      for (const pump of pumps) {
        if (pump.kind === "events" && remove(pump)) void pump.dismiss();
      }
    },
  };
};
