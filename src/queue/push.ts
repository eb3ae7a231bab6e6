import type { ConcertId } from "#kernel/ids.ts";
import type { Route } from "#platform/http/route.ts";
import type { Log } from "#platform/log.ts";
import { eventEncoder, eventsRoute } from "./adapters/http/events-route.ts";
import { startTicker, type Ticker } from "./adapters/ticker.ts";
import { streamPlaces, type StreamPlacesDeps } from "./use-cases/stream-places.ts";

/** Two of them and the way to the client are within the half second in which a turn has to be seen. */
const tickMs = 200;
const concertsAtOnceMax = 16;
const tickLateMs = 5_000;

/** Statuses that are pushed instead of polled. */
export interface QueuePush {
  readonly route: Route;
  /** Begins to feed the streams. */
  start(): void;
  stop(): Promise<void>;
}

export const queuePush = (
  deps: Omit<StreamPlacesDeps<string>, "nowMs" | "encode"> & {
    readonly monotonicMs: () => number;
    readonly log: Log;
  },
): QueuePush => {
  const streams = streamPlaces<string>({
    ...deps,
    nowMs: () => Math.floor(deps.monotonicMs()),
    encode: eventEncoder(),
  });
  let ticker: Ticker | null = null;
  return {
    route: eventsRoute((claims) => streams.open(claims)),
    start: () => {
      ticker ??= startTicker<ConcertId>({
        everyMs: tickMs,
        atOnceMax: concertsAtOnceMax,
        lateMs: tickLateMs,
        items: async () => streams.concerts(),
        nameOf: String,
        work: (concertId) => streams.tick(concertId),
        onTrouble: (concertId, error) =>
          deps.log.warn({ err: error, concertId }, "the streams of a queue could not be fed"),
      });
    },
    stop: async () => {
      await ticker?.stop();
      ticker = null;
    },
  };
};
