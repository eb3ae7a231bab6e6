import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpMeters, RouteMeter } from "../metrics.ts";

interface Tracked {
  readonly meter: RouteMeter;
  readonly startedAtMs: number;
  counted: boolean;
  leaving: AbortController | undefined;
}

/** Kept on the response itself: a weak map of every request is work for the garbage collector. */
const tracked = Symbol("frontrow.tracked");

type Watched = ServerResponse & { [tracked]?: Tracked };

/** What is being answered now, from a request's arrival until its response has closed, however it does. */
export interface Traffic {
  enter(response: ServerResponse, meter: RouteMeter): void;
  /** An event stream is no request in flight any more: it may last for hours. */
  becomeStream(response: ServerResponse): void;
  /** Aborted when the client goes away before the answer is complete, and at the end of a stream; made when first asked for. */
  signal(response: ServerResponse): AbortSignal;
}

const isOver = (response: ServerResponse): boolean => response.writableFinished;

export const createTraffic = (meters: HttpMeters): Traffic => {
  function leave(this: Watched): void {
    const state = this[tracked];
    if (state === undefined) return;
    if (state.counted) meters.live.requests -= 1;
    state.meter.observe(this.statusCode, (performance.now() - state.startedAtMs) / 1000);
    // A stream has no last byte that it waits for: however it ends, its source is told.
    if (!state.counted || !isOver(this)) state.leaving?.abort();
  }

  return {
    enter(response: Watched, meter) {
      meters.live.requests += 1;
      const startedAtMs = performance.now();
      response[tracked] = { meter, startedAtMs, counted: true, leaving: undefined };
      response.on("close", leave);
    },
    becomeStream(response: Watched) {
      const state = response[tracked];
      if (state === undefined || !state.counted) return;
      state.counted = false;
      meters.live.requests -= 1;
    },
    signal(response: Watched) {
      const state = response[tracked];
      const leaving = state?.leaving ?? new AbortController();
      if (state !== undefined) state.leaving = leaving;
      if (response.destroyed && !isOver(response)) leaving.abort();
      return leaving.signal;
    },
  };
};

const malformedEscape = (url: string): boolean => {
  if (!url.includes("%")) return false;
  try {
    return decodeURIComponent(url).includes("\0");
  } catch {
    return true;
  }
};

/** What is wrong with a request before its route is looked at, or null. */
export const wireFault = (request: IncomingMessage): string | null => {
  if (malformedEscape(request.url ?? "")) return "The URL's percent-encoding is malformed.";
  if (request.headers.host === undefined && request.httpVersion === "1.1") {
    return "An HTTP/1.1 request needs a Host header.";
  }
  return null;
};
