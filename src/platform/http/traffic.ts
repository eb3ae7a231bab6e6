import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpMeters, RouteMeter } from "../metrics.ts";

interface Tracked {
  readonly meter: RouteMeter;
  readonly startedAtMs: number;
  counted: boolean;
  leaving: AbortController | undefined;
}

/** What is being answered now, from a request's arrival until its response has closed, however it does. */
export interface Traffic {
  enter(response: ServerResponse, meter: RouteMeter): void;
  /** An event stream is no request in flight any more: it may last for hours. */
  becomeStream(response: ServerResponse): void;
  /** Aborted when the client goes away before the answer is complete; made when first asked for. */
  signal(response: ServerResponse): AbortSignal;
}

const isOver = (response: ServerResponse): boolean => response.writableFinished;

export const createTraffic = (meters: HttpMeters): Traffic => {
  const all = new WeakMap<ServerResponse, Tracked>();

  function leave(this: ServerResponse): void {
    const tracked = all.get(this);
    if (tracked === undefined) return;
    if (tracked.counted) meters.live.requests -= 1;
    tracked.meter.observe(this.statusCode, (performance.now() - tracked.startedAtMs) / 1000);
    if (tracked.leaving !== undefined && !isOver(this)) tracked.leaving.abort();
  }

  return {
    enter(response, meter) {
      meters.live.requests += 1;
      const startedAtMs = performance.now();
      all.set(response, { meter, startedAtMs, counted: true, leaving: undefined });
      response.once("close", leave);
    },
    becomeStream(response) {
      const tracked = all.get(response);
      if (tracked === undefined || !tracked.counted) return;
      tracked.counted = false;
      meters.live.requests -= 1;
    },
    signal(response) {
      const tracked = all.get(response);
      const leaving = tracked?.leaving ?? new AbortController();
      if (tracked !== undefined) tracked.leaving = leaving;
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
