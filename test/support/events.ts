import { once } from "node:events";
import http from "node:http";
import type { Placed, QueueStatus } from "./sale.ts";
import type { Instance } from "./server.ts";

/** An event as it came over the wire. A comment has no name and no fields but `comment`. */
export interface WireEvent {
  readonly name: string;
  readonly id: string | null;
  readonly retryMs: number | null;
  readonly text: string;
  readonly isComment: boolean;
  /** Monotonic: when its last byte was read. */
  readonly atMs: number;
}

/** One open stream of a place. */
export interface EventStream {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Everything that came so far, comments too. */
  readonly events: readonly WireEvent[];
  statuses(): QueueStatus[];
  /** The first event from `from` on that fits; fails when the stream ends or the time is over. */
  until(what: string, fits: (event: WireEvent) => boolean, withinMs?: number): Promise<WireEvent>;
  /** Resolves when the server has ended the stream: true if it did so properly. */
  readonly ended: Promise<boolean>;
  /** Stops reading, without closing. */
  pause(): void;
  resume(): void;
  destroy(): void;
}

const parse = (block: string, atMs: number): WireEvent => {
  const lines = block.split("\n");
  const valueOf = (name: string): string | null => {
    const line = lines.find((it) => it.startsWith(`${name}: `));
    return line === undefined ? null : line.slice(name.length + 2);
  };
  const retry = valueOf("retry");
  return {
    name: valueOf("event") ?? "",
    id: valueOf("id"),
    retryMs: retry === null ? null : Number(retry),
    text: valueOf("data") ?? "",
    isComment: lines.every((it) => it.startsWith(":")),
    atMs,
  };
};

export const isStatus =
  (fits: (status: QueueStatus) => boolean) =>
  (event: WireEvent): boolean =>
    event.name === "status" && fits(JSON.parse(event.text) as QueueStatus);

/** Opens the stream of a place at an instance, on a connection of its own. */
export const openEvents = async (
  instance: Pick<Instance, "url">,
  place: Pick<Placed, "concertId" | "queueToken">,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventStream> => {
  const url = `${instance.url}/api/v1/concerts/${place.concertId}/queue/tokens/me/events`;
  const request = http.get(url, {
    agent: false,
    headers: { authorization: `Bearer ${place.queueToken}`, ...headers },
  });
  request.on("error", () => undefined);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  const events: WireEvent[] = [];
  let rest = "";
  let wake = (): void => {};
  let isOver = false;
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) events.push(parse(block, performance.now()));
    wake();
  });
  response.on("error", () => undefined);
  const ended = new Promise<boolean>((resolve) => {
    response.on("close", () => {
      isOver = true;
      wake();
      resolve(response.complete);
    });
  });
  const until: EventStream["until"] = async (what, fits, withinMs = 60_000) => {
    const endMs = performance.now() + withinMs;
    for (;;) {
      const found = events.find(fits);
      if (found !== undefined) return found;
      const leftMs = endMs - performance.now();
      if (isOver || leftMs <= 0) {
        const seen = events.slice(-3).map(({ name, text }) => `${name} ${text}`);
        const status = events.findLast(({ name }) => name === "status")?.text;
        const when = isOver ? "before the end" : "in time";
        throw new Error(`${what}: not ${when}: ${seen.join()}; last status: ${status}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    statuses: () =>
      events
        .filter(({ name }) => name === "status")
        .map(({ text }) => JSON.parse(text) as QueueStatus),
    until,
    ended,
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    destroy: () => void request.destroy(),
  };
};
