import type { ConcertId, UserId } from "#kernel/ids.ts";
import { comparePlaces, type PlaceMark, type QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { drawHashes } from "../../src/queue/lottery/adapters/draw-hashes.ts";
import type { PassTerms } from "../../src/queue/admission/domain/admission.ts";
import type { DrawRecord } from "../../src/queue/admission/domain/draw.ts";
import { newestPlaceOf, type LastEntry } from "../../src/queue/recovery/domain/recorded-place.ts";
import { decodeClaims, type TokenClaims } from "../../src/queue/admission/domain/token-claims.ts";
import type { EndedPlace } from "../../src/queue/admission/ports/endings.ts";
import type { JournalEntry, Journal } from "../../src/queue/admission/ports/journal.ts";
import type { RecordedPlaces } from "../../src/queue/recovery/ports/recorded-places.ts";
import type { QueueBackend } from "../../src/queue/adapters/queue-backend.ts";
import type { Stock } from "#kernel/stock.ts";
import type { QueueSchedule } from "../../src/queue/admission/ports/sales.ts";
import { getPlaceStatus } from "../../src/queue/admission/use-cases/get-place-status.ts";
import { drawLobby } from "../../src/queue/lottery/use-cases/draw-lobby.ts";
import { joinQueue } from "../../src/queue/admission/use-cases/join-queue.ts";
import { leaveQueue } from "../../src/queue/admission/use-cases/leave-queue.ts";
import type { QueueStatus } from "../../src/queue/admission/presenters/queue-status.ts";
import { lostPlaceOrder } from "../../src/queue/lottery/use-cases/lost-place-order.ts";
import { lobbyTerms } from "../../src/queue/lottery/domain/draw-value.ts";
import { joinWhenRebuilt } from "../../src/queue/recovery/use-cases/join-when-rebuilt.ts";
import { rebuildQueue } from "../../src/queue/recovery/use-cases/rebuild-queue.ts";
import { recoverPlace } from "../../src/queue/recovery/use-cases/recover-place.ts";
import { recentForecasts } from "../../src/queue/admission/presenters/recent-forecasts.ts";
import { emptyQueues } from "../../src/queue/admission/domain/empty-queues.ts";
import { watchedBackend } from "../../src/queue/adapters/watched-backend.ts";
import { runPass } from "../../src/queue/admission/use-cases/run-pass.ts";

// Several instances that serve one queue: their use cases on a store that the test chooses, with a
// database and a sale in memory. An instance uses the sale as it has last read it.

/** The parts of the queue's backend that an instance uses. */
export type InstanceBackend = Pick<QueueBackend, "store" | "lobby" | "gate">;

/** The present sale; instances read it later. */
export interface SaleState {
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
}

/** Scales times and limits down to the length of a history and its queue. */
const scaled = (terms: PassTerms): PassTerms => ({
  ...terms,
  peopleMax: 4,
  presence: {
    ...terms.presence,
    graceMs: 1_000,
    trackedMax: Math.ceil(terms.presence.trackedMax / 50),
    passGapMs: 3_000,
  },
});

/** The records of the database about a queue and its users. */
const openRecords = () => {
  const ended = new Map<UserId, EndedPlace>();
  const journaled = new Map<string, JournalEntry & { readonly queueEpoch: number }>();

  const end = (userId: UserId, place: EndedPlace): void => {
    const known = ended.get(userId);
    if (known === undefined || comparePlaces(known, place) < 0) ended.set(userId, place);
  };
  const journal: Journal = {
    async write(_, queueEpoch, entries) {
      for (const entry of entries) {
        const { userId, epoch, seq, kind } = entry;
        const name = `${queueEpoch}:${entry.n}`;
        if (!journaled.has(name)) journaled.set(name, { ...entry, queueEpoch });
        if (kind === "ADMITTED" || kind === "STEPPED_OVER" || kind === "RETURNED") continue;
        end(userId, { epoch, seq, reason: kind });
      }
    },
  };
  const lastEntryOf = (userId: UserId): LastEntry | null => {
    const own = [...journaled.values()].filter((entry) => entry.userId === userId);
    own.sort((a, b) => a.queueEpoch - b.queueEpoch || a.n - b.n);
    const last = own.at(-1);
    if (last === undefined) return null;
    const hasBeenAdmitted = own.some(
      (entry) => entry.kind === "ADMITTED" && comparePlaces(entry, last) === 0,
    );
    return { ...last, hasBeenAdmitted };
  };
  const recorded: RecordedPlaces = {
    async page(_, after) {
      const known = new Set([...ended.keys(), ...[...journaled.values()].map((it) => it.userId)]);
      return [...known]
        .filter((userId) => after === null || userId > after)
        .sort()
        .map((userId) => {
          const records = {
            ended: ended.get(userId) ?? null,
            lastEntry: lastEntryOf(userId),
            hold: null,
          };
          return { userId, ...newestPlaceOf(records) };
        });
    },
  };
  const endings = {
    find: async (_: ConcertId, userId: UserId) => ended.get(userId) ?? null,
    leave: async (_: ConcertId, userId: UserId, { epoch, seq }: PlaceMark) =>
      end(userId, { epoch, seq, reason: "LEFT" }),
  };
  return { journal, recorded, endings, end };
};

const tokens = {
  sign: (claims: TokenClaims) => JSON.stringify(claims),
  renew: (_: QueueClaims, claims: TokenClaims) => JSON.stringify(claims),
};

/** The claims of a token of these instances. */
export const claimsIn = (token: string): QueueClaims => {
  const claims = decodeClaims(JSON.parse(token) as Record<string, unknown>);
  if (claims === null) throw new Error("not a queue token");
  return claims;
};

/** The answer to a request; null for 503 and for a user without a place. */
const orNull = async (ask: () => Promise<QueueStatus | null>): Promise<QueueStatus | null> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
};

/** The time that a clock has gone forwards. */
const monotonicOf = ({ nowMs }: { readonly nowMs: () => number }) => {
  let lastMs: number | null = null;
  let goneMs = 0;
  return (): number => {
    goneMs += Math.max(0, nowMs() - (lastMs ?? nowMs()));
    lastMs = nowMs();
    return goneMs;
  };
};

export const openQueueDeployment = (options: {
  readonly sale: SaleState;
  readonly clock: { readonly nowMs: () => number };
  readonly backends: readonly InstanceBackend[];
}) => {
  const { clock, backends } = options;
  let current = options.sale;
  const { journal, recorded, endings, end } = openRecords();
  const { concertId } = current.schedule;

  const openInstance = (kept: InstanceBackend) => {
    const empty = emptyQueues(monotonicOf(clock));
    const { store, lobby } = watchedBackend(kept, empty.onStep);
    let seen = current;
    const sales = {
      find: async () => seen.schedule,
      refresh: async () => {},
      stock: async () => seen.stock,
    };
    const { hmac } = drawHashes;
    const orderOf = lostPlaceOrder({ sales, hmac });
    const recover = recoverPlace({ store, endings, orderOf });
    const asking = {
      tokens,
      forecast: recentForecasts(),
      random: () => 0,
      upMs: () => Infinity,
      clock,
      sales,
      store,
      endings,
      recoverPlace: recover,
    };
    const join = joinQueue({
      ...asking,
      join: joinWhenRebuilt({ store, delay: async () => {} }),
      lobbyTerms: (schedule, userId) => lobbyTerms(hmac, schedule, userId),
      challenges: null,
      recentEnd: () => null,
    });
    const check = getPlaceStatus(asking);
    const leave = leaveQueue({ endings, store });
    const rebuild = rebuildQueue({ store, recorded });
    const pass = runPass({
      store: { ...store, admit: (id, terms) => store.admit(id, scaled(terms)) },
      ...{ journal, sales, clock, rebuild, sawFinal: () => {}, emptyQueues: empty },
    });
    const draws = {
      writePage: async () => {},
      async save(_: unknown, record: DrawRecord) {
        const draw = current.schedule.draw ?? record;
        current = { ...current, schedule: { ...current.schedule, draw } };
        return draw;
      },
    };
    const mintId = () => `instance ${backends.indexOf(kept)}`;
    const draw = drawLobby({ store, lobby, draws, hashes: drawHashes, sales, clock, mintId });
    return {
      refreshSale(): void {
        seen = current;
      },
      join: (userId: UserId) =>
        orNull(async () => {
          const outcome = await join({ concertId, userId });
          return outcome.kind === "in-queue" ? outcome.status : null;
        }),
      poll: (token: string) =>
        orNull(async () => {
          const outcome = await check(claimsIn(token));
          return outcome.kind === "found" ? outcome.status : null;
        }),
      leave: (token: string) => leave(claimsIn(token)),
      async pay(token: string): Promise<void> {
        const { userId, epoch, seq } = claimsIn(token);
        end(userId, { epoch, seq, reason: "PAID" });
        await store.end(concertId, userId, { epoch, seq }, "PAID");
      },
      /** Runs a tick; null: it has left out the pass over an empty queue. */
      pass: () => pass(seen.schedule),
      draw: () => draw(seen.schedule),
      /** Reads the records of the database. Returns a function that rebuilds the queue, perhaps much later. */
      async readRecords(): Promise<() => Promise<void>> {
        const people = await recorded.page(concertId, null, Infinity);
        return async () => void (await store.rebuild(concertId, people, true));
      },
    };
  };

  return {
    instances: backends.map(openInstance),
    changeSale(change: (now: SaleState) => SaleState): void {
      current = change(current);
    },
  };
};

export type QueueDeployment = ReturnType<typeof openQueueDeployment>;
