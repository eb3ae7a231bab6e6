import type { ConcertId, UserId } from "#kernel/ids.ts";
import { batchedLoader } from "#platform/batched-loader.ts";
import { scoreOf } from "../../admission/domain/place.ts";
import type {
  JoinResult,
  JoinTerms,
  OwnedPlace,
  PassReport,
  PlaceReading,
  QueueStore,
} from "../../admission/ports/queue-store.ts";
import { numberAt, textAt, type CallQueue } from "./call-queue.ts";
import { readPage } from "./journal-page.ts";
import { queueScripts } from "./scripts.ts";
import { headLength, liveStatusAt, snapshotAt, statusAt } from "./snapshots.ts";

/** A larger step would hold Redis for more than 1 to 2 ms; with smaller ones, round trips add up. */
const callersMax = 500;

interface Newcomer {
  readonly concertId: ConcertId;
  readonly userId: UserId;
  readonly terms: JoinTerms;
}

/** The terms that all users share who join in one step. */
const commonTerms = ({ opensAtMs, final, lobby }: JoinTerms) => ({
  opensAtMs,
  final: final ? "1" : "0",
  lobbyUntilMs: lobby?.untilMs ?? "",
});

const joiner = (call: CallQueue) =>
  batchedLoader<Newcomer, JoinResult>({
    groupOf: ({ concertId, terms }) => JSON.stringify([concertId, commonTerms(terms)]),
    batchMax: callersMax,
    load: async (newcomers) => {
      const [{ concertId, terms: common }] = newcomers;
      const answer = await call(
        queueScripts.join,
        concertId,
        {
          ...commonTerms(common),
          rest: newcomers.flatMap(({ userId, terms }) => [userId, terms.lobby?.drawValue ?? ""]),
        },
        { givesPlaces: true },
      );
      const snapshot = snapshotAt(answer);
      return newcomers.map((_, index): JoinResult => {
        const at = headLength + index * 4;
        const kind = textAt(answer.reply, at);
        if (kind === "not-open" || kind === "over" || kind === "not-rebuilt") return { kind };
        const status = liveStatusAt(answer.reply, at + 1);
        return { kind: "in-queue", isNew: kind === "fresh", snapshot, status };
      });
    },
  });

const readStatuses =
  (call: CallQueue): QueueStore["getStatuses"] =>
  async (concertId, places) => {
    const answer = await call(queueScripts.getStatus, concertId, {
      rest: places.flatMap((place) => [place.userId, scoreOf(place)]),
    });
    const statuses = places.map((_, index) => statusAt(answer.reply, headLength + index * 3));
    return { snapshot: snapshotAt(answer), statuses };
  };

const statusLoader = (getStatuses: QueueStore["getStatuses"]) =>
  batchedLoader<OwnedPlace & { readonly concertId: ConcertId }, PlaceReading>({
    groupOf: ({ concertId }) => concertId,
    batchMax: callersMax,
    load: async (places) => {
      const { snapshot, statuses } = await getStatuses(places[0].concertId, places);
      return statuses.map((status) => ({ snapshot, status }));
    },
  });

const recoveryOf = (value: number): PassReport["recovery"] => {
  if (value === 0) return null;
  return value === 1 ? "rebuilt" : "to-rebuild";
};

/** The queues in Redis: one script for each method. The callers of one event-loop turn share one run. */
export const redisQueueStore = (call: CallQueue): QueueStore => {
  const join = joiner(call);
  const getStatuses = readStatuses(call);
  const loadStatus = statusLoader(getStatuses);
  return {
    join: (concertId, userId, terms) => join({ concertId, userId, terms }),
    getStatus: (concertId, userId, { epoch, seq }) => loadStatus({ concertId, userId, epoch, seq }),
    getStatuses,
    getSnapshot: async (concertId) => snapshotAt(await call(queueScripts.getStatus, concertId, {})),
    async end(concertId, userId, place, reason) {
      const { reply } = await call(queueScripts.endPlace, concertId, {
        user: userId,
        place: scoreOf(place),
        reason,
      });
      return reply[0] as "ended" | "absent" | "newer";
    },
    async admit(concertId, terms) {
      const { presence, ...common } = terms;
      const { reply } = await call(queueScripts.admit, concertId, {
        ...common,
        ...presence,
        admitsFromMs: terms.admitsFromMs ?? "",
        final: terms.final === null ? "0" : "1",
      });
      return {
        atMs: numberAt(reply, 1),
        admitted: numberAt(reply, 2),
        skipped: numberAt(reply, 3),
        lapsed: numberAt(reply, 4),
        more: numberAt(reply, 5) === 1,
        recovery: recoveryOf(numberAt(reply, 6)),
      };
    },
    async readJournal(concertId, entriesMax) {
      return readPage(await call(queueScripts.readJournal, concertId, { entriesMax }));
    },
    async trimJournal(concertId, page) {
      // After a loss entries are numbered from 1 again, so entries of another epoch must stay.
      await call(
        queueScripts.trimJournal,
        concertId,
        { throughN: page.throughN },
        { onlyEpoch: page.epoch },
      );
    },
  };
};
