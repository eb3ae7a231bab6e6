import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { HttpMeters, RouteMeter } from "../metrics.ts";

interface Tracked {
  readonly meter: RouteMeter;
  readonly startedAtMs: number;
  /** Whether the request is in flight: received whole and not answered yet. */
  isInFlight: boolean;
}

/** Answers of one connection that may wait to be sent or read; no client pipelines that many. */
const unsentPerConnectionMax = 32;
/** Refusals that may wait beyond that before the server closes the connection: they take memory too. */
const refusedPerConnectionMax = 256;

/** Stored on the response itself: a weak map of all requests would burden the garbage collector. */
const tracked = Symbol("frontrow.tracked");
const unsent = Symbol("frontrow.unsent");

type Watched = ServerResponse & { [tracked]?: Tracked };
type Connection = Socket & { [unsent]?: number };

/**
 * Counts the requests in flight. A request counts from when it is received whole until the handler has
 * answered, so a client that sends or reads slowly does not take the capacity of others.
 */
export interface Traffic {
  /**
   * Called on arrival of every request, whatever its path. False when too many answers of the connection
   * are unsent; far beyond, it closes the connection.
   */
  arrive(request: IncomingMessage, response: ServerResponse): boolean;
  /** Called on arrival at a route of the API. */
  enter(response: ServerResponse, meter: RouteMeter): void;
  isFull(): boolean;
  begin(response: ServerResponse): void;
  answered(response: ServerResponse): void;
}

export const createTraffic = (meters: HttpMeters, inFlightMax: number): Traffic => {
  const answered = (response: Watched): void => {
    const state = response[tracked];
    if (state === undefined || !state.isInFlight) return;
    state.isInFlight = false;
    meters.live.requests -= 1;
  };
  function leave(this: Watched): void {
    const connection = this.req.socket as Connection;
    connection[unsent] = (connection[unsent] ?? 1) - 1;
    answered(this);
    const state = this[tracked];
    if (state === undefined) return;
    state.meter.observe(this.statusCode, (performance.now() - state.startedAtMs) / 1000);
  }

  return {
    arrive(request, response: Watched) {
      response.on("close", leave);
      const connection = request.socket as Connection;
      const count = (connection[unsent] ?? 0) + 1;
      connection[unsent] = count;
      if (count > unsentPerConnectionMax + refusedPerConnectionMax) connection.destroy();
      return count <= unsentPerConnectionMax;
    },
    enter(response: Watched, meter) {
      response[tracked] = { meter, startedAtMs: performance.now(), isInFlight: false };
    },
    isFull: () => meters.live.requests >= inFlightMax,
    begin(response: Watched) {
      const state = response[tracked];
      if (state === undefined) return;
      state.isInFlight = true;
      meters.live.requests += 1;
    },
    answered,
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

/** Node keeps the first of several Host headers; a proxy in front may have used another. */
const namesHostTwice = ({ rawHeaders }: IncomingMessage): boolean => {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count > 1;
};

/** Returns what is malformed in a request, whatever its route, or null. */
export const wireFault = (request: IncomingMessage): string | null => {
  if (malformedEscape(request.url ?? "")) return "The URL's percent-encoding is malformed.";
  if (request.headers.host === undefined && request.httpVersion === "1.1") {
    return "An HTTP/1.1 request needs a Host header.";
  }
  if (namesHostTwice(request)) return "A request must have one Host header.";
  return null;
};
