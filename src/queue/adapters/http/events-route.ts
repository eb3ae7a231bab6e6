import type { QueueClaims } from "#kernel/place.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Type } from "typebox";
import type { PlaceNews } from "../../use-cases/place-stream.ts";
import type { OpenStreamOutcome } from "../../use-cases/stream-places.ts";
import { statusBody } from "./queue-routes.ts";
import { ConcertParams } from "./shapes.ts";

const event = (name: string, retryMs: number | null, content: object): string =>
  `event: ${name}\n${retryMs === null ? "" : `retry: ${retryMs}\n`}data: ${JSON.stringify(content)}\n\n`;

/** News of a place in the words of `text/event-stream`; a status has an id, so that it can be named. */
export const eventEncoder = (): ((news: PlaceNews) => string) => {
  let count = 0;
  return (news) => {
    switch (news.kind) {
      case "status": {
        const { status, retryMs } = news;
        count = (count + 1) % Number.MAX_SAFE_INTEGER;
        return `id: ${status.atMs}-${count}\n${event("status", retryMs, statusBody(status))}`;
      }
      case "silence":
        return ":\n\n";
      case "unavailable":
        return event("unavailable", null, { code: "UNAVAILABLE" });
      case "replaced":
      case "reconnect":
        return event(news.kind, news.retryMs, {
          reason: news.kind === "replaced" ? "TOO_MANY_STREAMS" : "SERVER_MOVES_ON",
          retryAfterMs: news.retryMs,
        });
    }
  };
};

/** The route of the pushed queue status. */
export const eventsRoute = (
  open: (claims: QueueClaims) => Promise<OpenStreamOutcome<string>>,
): Route =>
  route({
    method: "GET",
    path: "/api/v1/concerts/{concertId}/queue/tokens/me/events",
    operationId: "streamQueueStatus",
    tag: "Queue",
    summary: "Where one's place stands, pushed instead of polled",
    description: [
      "An event stream; read it with `fetch`, because `EventSource` sends no header. An event `status` holds the queue status as JSON: one at once, then one whenever it changes and at least every 30 s. Each is the whole state, so that a client that comes back (with `Last-Event-ID` or without) has missed nothing. A comment breaks every silence of 10 s. A place may have three streams on an instance.",
      "After a `status` that says `ENDED` the stream ends. Other events: `unavailable`, the queue cannot be read for now and a `status` follows when it can; `reconnect`, come back after `retryAfterMs`, then the stream ends; `replaced`, the same place has opened newer streams, then this one ends. Streaming counts as asking.",
    ].join("\n\n"),
    auth: "queue",
    params: ConcertParams,
    answers: { 200: Type.String({ description: "`text/event-stream` of queue statuses." }) },
    answerType: "text/event-stream",
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ caller }) => {
      const outcome = await open(caller.claims);
      if (outcome.kind === "unknown-concert") return { problem: "CONCERT_NOT_FOUND" };
      return { status: 200, stream: outcome.stream };
    },
  });
