import type { News } from "../domain/batch-state.ts";
import type { QueueEvents, QueueGate } from "../ports/queue-gate.ts";

/** What this instance has told the queue itself, right after the commit. */
export interface Told {
  /** The queueGate and the news as use cases get them, noting what the queue accepted. */
  noting(queue: { readonly queueGate: QueueGate; readonly news: QueueEvents }): {
    readonly queueGate: QueueGate;
    readonly news: QueueEvents;
  };
  /** Whether the queue has heard it from here; asked once for each, since it is then forgotten. */
  has(news: News): boolean;
}

type Whose = { readonly concertId: string; readonly userId: string };
type Mark = { readonly epoch: number; readonly seq: number };

const carried = (reservationId: string): string => `carried ${reservationId}`;
const cleared = (reservationId: string): string => `cleared ${reservationId}`;
const ended = (whose: Whose, mark: Mark): string =>
  `ended ${whose.concertId} ${whose.userId} ${mark.epoch}.${mark.seq}`;

const nameOf = (news: News): string => {
  switch (news.topic) {
    case "hold-carried":
      return carried(news.content.reservationId);
    case "hold-cleared":
      return cleared(news.content.reservationId);
    case "place-ended":
      return ended(news, news.content);
  }
};

/**
 * Remembers the last `sizeMax` of what was told, so that the outbox need not say everything twice. Only
 * a memory: what it forgets, or what another instance told, is said again, which changes nothing.
 */
export const toldMemory = (sizeMax = 20_000): Told => {
  const names = new Set<string>();
  const note = (name: string): void => {
    names.add(name);
    if (names.size <= sizeMax) return;
    const [oldest] = names;
    if (oldest !== undefined) names.delete(oldest);
  };
  return {
    noting: ({ queueGate, news }) => ({
      queueGate: {
        enter: (attempt) => queueGate.enter(attempt),
        glance: (place) => queueGate.glance(place),
        async settle(attempt, hold) {
          const taken = await queueGate.settle(attempt, hold);
          if (taken && hold) note(carried(hold.reservationId));
          return taken;
        },
      },
      news: {
        async holdCarried(said) {
          await news.holdCarried(said);
          note(carried(said.reservationId));
        },
        async holdCleared(said) {
          await news.holdCleared(said);
          note(cleared(said.reservationId));
        },
        async placeEnded(said) {
          await news.placeEnded(said);
          note(ended(said, said));
        },
      },
    }),
    has: (news) => names.delete(nameOf(news)),
  };
};
