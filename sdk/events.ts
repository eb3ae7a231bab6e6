/** One event of a `text/event-stream`. */
export interface StreamEvent {
  readonly event: string;
  readonly text: string;
  /** The last id that the stream has named; send it as Last-Event-ID to go on from there. */
  readonly id: string;
}

/**
 * Reads a `text/event-stream` as browsers do: fields by line, an event at each empty line, comments
 * skipped. Give it chunks as they come; it gives the events that are complete.
 */
export const eventParser = (): ((chunk: string) => StreamEvent[]) => {
  let rest = "";
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
    rest += chunk;
    // A carriage return at the very end may be the first half of a line's end.
    const parts = rest.split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop() ?? "";
    return parts.map(takeLine).filter((complete) => complete !== null);
  };
};

/** The events of an answer as they come, until it ends or breaks off. Never rejects. `onSign` is told of every chunk. */
export async function* readEvents(
  answer: Response,
  onSign: () => void = () => undefined,
): AsyncGenerator<StreamEvent> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  const parse = eventParser();
  try {
    for (;;) {
      const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
      if (done) return;
      onSign();
      yield* parse(decoder.decode(value, { stream: true }));
    }
  } catch {
    // It broke off: whoever reads goes on from the last id.
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
