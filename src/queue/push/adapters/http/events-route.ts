import type { QueueClaims } from "#kernel/place.ts";
import { route, type Route } from "#platform/http/route.ts";
import { Type } from "typebox";
import type { StreamEvent } from "../../streams/place-stream.ts";
import type { OpenStreamOutcome } from "../../streams/stream-places.ts";
import { statusBody } from "../../../admission/adapters/http/queue-routes.ts";
import { ConcertParams } from "../../../admission/adapters/http/shapes.ts";

const eventText = (name: string, retryMs: number | null, content: object): string =>
  `event: ${name}\n${retryMs === null ? "" : `retry: ${retryMs}\n`}data: ${JSON.stringify(content)}\n\n`;

/**
 * Returns an encoder of a place's events as `text/event-stream`. Each status has an id for
 * `Last-Event-ID`.
 */
export const eventEncoder = (): ((event: StreamEvent) => string) => {
  let count = 0;
  return (event) => {
    switch (event.kind) {
      case "status": {
        const { status, retryMs } = event;
        count = (count + 1) % Number.MAX_SAFE_INTEGER;
        return `id: ${status.atMs}-${count}\n${eventText("status", retryMs, statusBody(status))}`;
      }
      case "heartbeat":
        return ":\n\n";
      case "unavailable":
        return eventText("unavailable", null, { code: "UNAVAILABLE" });
      case "replaced":
      case "reconnect":
        return eventText(event.kind, event.retryMs, {
          reason: event.kind === "replaced" ? "TOO_MANY_STREAMS" : "SERVER_MOVES_ON",
          retryAfterMs: event.retryMs,
        });
    }
  };
};

/** Returns the route that pushes the queue status. */
export const eventsRoute = (
  open: (claims: QueueClaims) => Promise<OpenStreamOutcome<string>>,
): Route =>
  route({
    method: "GET",
    path: "/api/v1/concerts/{concertId}/queue/tokens/me/events",
    operationId: "streamQueueStatus",
    tag: "Queue",
    summary: "Stream the status of the caller's place",
    description: [
      "An event stream, pushed instead of polled. Read it with `fetch`, because `EventSource` cannot send the token. An event `status` holds the queue status as JSON: one at once, then one at each change and at least every 30 s. Each event is the whole status, so a client that reconnects (with or without `Last-Event-ID`) misses nothing. After 10 s of silence the server sends a comment. A place may have three streams on one instance.",
      "The stream ends after a `status` with `ENDED`. Other events:\n- `unavailable`: the queue cannot be read now; a `status` follows when it can.\n- `reconnect`: the stream ends; connect again after `retryAfterMs`.\n- `replaced`: the stream ends, because the same place has opened newer ones.\n\nAn open stream counts as polling.",
    ].join("\n\n"),
    auth: "queue",
    params: ConcertParams,
    answers: { 200: Type.String({ description: "`text/event-stream` of queue statuses" }) },
    answerType: "text/event-stream",
    problems: ["CONCERT_NOT_FOUND"],
    handle: async ({ caller }) => {
      const outcome = await open(caller.claims);
      if (outcome.kind === "unknown-concert") return { problem: "CONCERT_NOT_FOUND" };
      return { status: 200, stream: outcome.stream };
    },
  });
