import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { HttpMeters, RouteMeter } from "../metrics.ts";

interface Tracked {
  readonly meter: RouteMeter;
  readonly startedAtMs: number;
  /** Whether it is in flight: whole, and not answered yet. */
  counted: boolean;
  lasting: boolean;
  leaving: AbortController | undefined;
}

/** Answers of one connection that wait for its turn or its reader; no client pipelines that many. */
const unsentPerConnectionMax = 32;
/** Who goes on all the same loses the connection: even refusals take memory until they are read. */
const refusedPerConnectionMax = 256;

/** Kept on the response itself: a weak map of every request is work for the garbage collector. */
const tracked = Symbol("frontrow.tracked");
const unsent = Symbol("frontrow.unsent");

type Watched = ServerResponse & { [tracked]?: Tracked };
type Connection = Socket & { [unsent]?: number };

/**
 * What is being answered now. A request is in flight from when it is whole until its answer is given:
 * neither who sends slowly nor who does not read keeps the others out.
 */
export interface Traffic {
  /** On arrival; false when its connection has too many answers to come already, which in the end closes it. */
  enter(request: IncomingMessage, response: ServerResponse, meter: RouteMeter): boolean;
  isFull(): boolean;
  begin(response: ServerResponse): void;
  answered(response: ServerResponse): void;
  /** An event stream is no request in flight any more: it may last for hours. */
  becomeStream(response: ServerResponse): void;
  /** Aborted when the client goes away before the answer is complete, and at the end of a stream; made when first asked for. */
  signal(response: ServerResponse): AbortSignal;
}

const isOver = (response: ServerResponse): boolean => response.writableFinished;

export const createTraffic = (meters: HttpMeters, inFlightMax: number): Traffic => {
  const answered = (response: Watched): void => {
    const state = response[tracked];
    if (state === undefined || !state.counted) return;
    state.counted = false;
    meters.live.requests -= 1;
  };
  function leave(this: Watched): void {
    const connection = this.req.socket as Connection;
    connection[unsent] = (connection[unsent] ?? 1) - 1;
    answered(this);
    const state = this[tracked];
    if (state === undefined) return;
    state.meter.observe(this.statusCode, (performance.now() - state.startedAtMs) / 1000);
    // A stream has no last byte that it waits for: however it ends, its source is told.
    if (state.lasting || !isOver(this)) state.leaving?.abort();
  }

  return {
    enter(request, response: Watched, meter) {
      const startedAtMs = performance.now();
      response[tracked] = {
        meter,
        startedAtMs,
        counted: false,
        lasting: false,
        leaving: undefined,
      };
      response.on("close", leave);
      const connection = request.socket as Connection;
      const count = (connection[unsent] ?? 0) + 1;
      connection[unsent] = count;
      if (count > unsentPerConnectionMax + refusedPerConnectionMax) connection.destroy();
      return count <= unsentPerConnectionMax;
    },
    isFull: () => meters.live.requests >= inFlightMax,
    begin(response: Watched) {
      const state = response[tracked];
      if (state === undefined) return;
      state.counted = true;
      meters.live.requests += 1;
    },
    answered,
    becomeStream(response: Watched) {
      answered(response);
      const state = response[tracked];
      if (state !== undefined) state.lasting = true;
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

/** Node keeps the first Host of several, and a proxy in front may have gone by another. */
const namesHostTwice = ({ rawHeaders }: IncomingMessage): boolean => {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count > 1;
};

/** What is wrong with a request before its route is looked at, or null. */
export const wireFault = (request: IncomingMessage): string | null => {
  if (malformedEscape(request.url ?? "")) return "The URL's percent-encoding is malformed.";
  if (request.headers.host === undefined && request.httpVersion === "1.1") {
    return "An HTTP/1.1 request needs a Host header.";
  }
  if (namesHostTwice(request)) return "A request has one Host header.";
  return null;
};
