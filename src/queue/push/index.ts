import type { ConcertId } from "#kernel/ids.ts";
import type { Route } from "#platform/http/route.ts";
import type { Log } from "#platform/log.ts";
import { periodic, type Periodic } from "#platform/periodic.ts";
import { eventEncoder, eventsRoute } from "./adapters/http/events-route.ts";
import { streamPlaces, type StreamPlacesDeps } from "./streams/stream-places.ts";

/** A client must learn of an admission within 500 ms; two ticks and the network fit into that. */
const tickMs = 200;
const concertsAtOnceMax = 16;
const tickLateMs = 5_000;

/** Pushes statuses to clients, so that they need not poll. */
export interface QueuePush extends Periodic {
  readonly route: Route;
}

/** Builds the route of the streams and the periodic job that feeds them. */
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
  return {
    route: eventsRoute((claims) => streams.open(claims)),
    ...periodic<ConcertId>({
      everyMs: tickMs,
      concurrencyMax: concertsAtOnceMax,
      lateMs: tickLateMs,
      items: async () => streams.concerts(),
      keyOf: String,
      work: (concertId) => streams.tick(concertId),
      onError: (concertId, error) =>
        deps.log.warn({ err: error, concertId }, "updating the streams of a queue failed"),
    }),
  };
};
