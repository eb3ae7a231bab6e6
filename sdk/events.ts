/** One event of a `text/event-stream`. */
export interface StreamEvent {
  readonly event: string;
  readonly text: string;
  /** The last id that the stream has sent; send it as Last-Event-ID to resume after this event. */
  readonly id: string;
}

/**
 * Returns a parser of `text/event-stream` that follows the rules of browsers: one field a line, an event
 * at each empty line, no comments. It takes chunks of any size and returns the events that are complete.
 */
export const eventParser = (): ((chunk: string) => StreamEvent[]) => {
  let unread = "";
  let id = "";
  let event = "";
  let lines: string[] = [];

  const takeLine = (line: string): StreamEvent | null => {
    if (line === "") {
      const complete =
        lines.length > 0 ? { event: event || "message", text: lines.join("\n"), id } : null;
      event = "";
      lines = [];
      return complete;
    }
    const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === "data") lines.push(value);
    else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
    return null;
  };

  return (chunk) => {
    unread += chunk;
    // A final carriage return may be the first half of a line end.
    const parts = unread.split(/\r\n|\n|\r(?!$)/);
    unread = parts.pop() ?? "";
    return parts.map(takeLine).filter((complete) => complete !== null);
  };
};

/**
 * Yields the events of an answer until it ends or breaks off. Calls `onChunk` for each chunk. Never
 * rejects.
 */
export async function* readEvents(
  answer: Response,
  onChunk: () => void = () => undefined,
): AsyncGenerator<StreamEvent> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  const parse = eventParser();
  try {
    for (;;) {
      const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
      if (done) return;
      onChunk();
      yield* parse(decoder.decode(value, { stream: true }));
    }
  } catch {
    // The connection broke; the reader resumes from the last id.
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
