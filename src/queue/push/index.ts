import type { ConcertId } from "#kernel/ids.ts";
import type { Route } from "#platform/http/route.ts";
import type { Log } from "#platform/log.ts";
import { periodic, type Periodic } from "#platform/periodic.ts";
import { eventEncoder, eventsRoute } from "./adapters/http/events-route.ts";
import { streamPlaces, type StreamPlacesDeps } from "./streams/stream-places.ts";

/** Two of them and the way to the client are within the half second in which a turn has to be seen. */
const tickMs = 200;
const concertsAtOnceMax = 16;
const tickLateMs = 5_000;

/** Statuses that are pushed instead of polled. */
export interface QueuePush extends Periodic {
  readonly route: Route;
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
        deps.log.warn({ err: error, concertId }, "the streams of a queue could not be fed"),
    }),
  };
};
