import type { ConcertId, UserId } from "#kernel/ids.ts";
import { comparePlaces, type PlaceMark, type QueueClaims } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { drawHashes } from "../../src/queue/adapters/draw-hashes.ts";
import type { PassTerms } from "../../src/queue/domain/admission.ts";
import type { DrawRecord } from "../../src/queue/domain/draw.ts";
import { newestPlaceOf, type LastEntry } from "../../src/queue/domain/recorded-place.ts";
import { decodeClaims, type TokenClaims } from "../../src/queue/domain/token-claims.ts";
import type {
  EndedPlace,
  JournalEntry,
  Journal,
  RecordedPlaces,
} from "../../src/queue/ports/durable.ts";
import type { QueueBackend } from "../../src/queue/adapters/queue-backend.ts";
import type { QueueSchedule, Stock } from "../../src/queue/ports/sales.ts";
import { getPlaceStatus } from "../../src/queue/use-cases/get-place-status.ts";
import { drawLobby } from "../../src/queue/use-cases/draw-lobby.ts";
import { joinQueue } from "../../src/queue/use-cases/join-queue.ts";
import { leaveQueue } from "../../src/queue/use-cases/leave-queue.ts";
import type { QueueStatus } from "../../src/queue/use-cases/queue-status.ts";
import { restoreByDraw } from "../../src/queue/use-cases/restore-by-draw.ts";
import { rebuildQueue } from "../../src/queue/use-cases/rebuild-queue.ts";
import { recoverPlace } from "../../src/queue/use-cases/recover-place.ts";
import { runPass } from "../../src/queue/use-cases/run-pass.ts";

// One line that several instances serve: their use cases on one store, which the test chooses, and a
// database and a sale in memory. An instance knows of the sale what it has last heard.

/** What an instance has of the queue's store. */
export type Keeping = Pick<QueueBackend, "store" | "lobby">;

/** The sale as it is; instances hear of it later. */
export interface Announced {
  readonly schedule: QueueSchedule;
  readonly stock: Stock | null;
}

/** Waits as short as a history, and a front as short as its queue. */
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

/** What the database knows of a queue and its people. */
const openRecords = () => {
  const ended = new Map<UserId, EndedPlace>();
  const noted = new Map<string, JournalEntry & { readonly queueEpoch: number }>();

  const end = (userId: UserId, place: EndedPlace): void => {
    const known = ended.get(userId);
    if (known === undefined || comparePlaces(known, place) < 0) ended.set(userId, place);
  };
  const journal: Journal = {
    async write(_, queueEpoch, entries) {
      for (const entry of entries) {
        const { userId, epoch, seq, kind } = entry;
        const name = `${queueEpoch}:${entry.n}`;
        if (!noted.has(name)) noted.set(name, { ...entry, queueEpoch });
        if (kind === "ADMITTED" || kind === "STEPPED_OVER" || kind === "RETURNED") continue;
        end(userId, { epoch, seq, reason: kind });
      }
    },
  };
  const lastEntryOf = (userId: UserId): LastEntry | null => {
    const own = [...noted.values()].filter((entry) => entry.userId === userId);
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
      const known = new Set([...ended.keys(), ...[...noted.values()].map((it) => it.userId)]);
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

/** The claims of a token of this house. */
export const claimsIn = (token: string): QueueClaims => {
  const claims = decodeClaims(JSON.parse(token) as Record<string, unknown>);
  if (claims === null) throw new Error("not a queue token");
  return claims;
};

/** What whoever asks is told; null where a server would say 503, or that there is no place. */
const orNothing = async (ask: () => Promise<QueueStatus | null>): Promise<QueueStatus | null> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
};

export const openHouseInQueue = (options: {
  readonly announced: Announced;
  readonly clock: { readonly nowMs: () => number };
  readonly keepings: readonly Keeping[];
}) => {
  const { clock, keepings } = options;
  let current = options.announced;
  const { journal, recorded, endings, end } = openRecords();
  const { concertId } = current.schedule;

  const openInstance = ({ store: kept, lobby }: Keeping) => {
    let heard = current;
    const sales = { find: async () => heard.schedule, stock: async () => heard.stock };
    const { hmac } = drawHashes;
    const store = { ...kept, restore: restoreByDraw({ store: kept, sales, hmac }) };
    const recover = recoverPlace({ store, endings });
    const asking = {
      tokens,
      random: () => 0,
      upMs: () => Infinity,
      clock,
      sales,
      store,
      endings,
      recoverPlace: recover,
    };
    const join = joinQueue({ ...asking, hmac, delay: async () => {} });
    const check = getPlaceStatus(asking);
    const leave = leaveQueue({ endings, store });
    const rebuild = rebuildQueue({ store, recorded });
    const pass = runPass({
      store: { ...store, admit: (id, terms) => store.admit(id, scaled(terms)) },
      ...{ journal, sales, clock, rebuild },
    });
    const draws = {
      writePage: async () => {},
      async save(_: unknown, record: DrawRecord) {
        const draw = current.schedule.draw ?? record;
        current = { ...current, schedule: { ...current.schedule, draw } };
        return draw;
      },
    };
    const mintId = () => `drawer ${keepings.findIndex((it) => it.store === kept)}`;
    const draw = drawLobby({ store, lobby, draws, sums: drawHashes, sales, clock, mintId });
    return {
      hear(): void {
        heard = current;
      },
      join: (userId: UserId) =>
        orNothing(async () => {
          const outcome = await join({ concertId, userId });
          return outcome.kind === "in-queue" ? outcome.status : null;
        }),
      poll: (token: string) =>
        orNothing(async () => {
          const outcome = await check(claimsIn(token));
          return outcome.kind === "found" ? outcome.status : null;
        }),
      leave: (token: string) => leave(claimsIn(token)),
      async pay(token: string): Promise<void> {
        const { userId, epoch, seq } = claimsIn(token);
        end(userId, { epoch, seq, reason: "PAID" });
        await store.end(concertId, userId, { epoch, seq }, "PAID");
      },
      pass: () => pass(heard.schedule),
      draw: () => draw(heard.schedule),
      /** Reads what the database knows of people; answers what puts it back, perhaps much later. */
      async readRecords(): Promise<() => Promise<void>> {
        const people = await recorded.page(concertId, null, Infinity);
        return async () => void (await kept.rebuild(concertId, people, true));
      },
    };
  };

  return {
    instances: keepings.map(openInstance),
    announce(change: (now: Announced) => Announced): void {
      current = change(current);
    },
  };
};

export type HouseInQueue = ReturnType<typeof openHouseInQueue>;
