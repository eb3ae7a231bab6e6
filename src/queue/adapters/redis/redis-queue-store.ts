import type { ConcertId, UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { batchedLoader } from "#platform/batched-loader.ts";
import type { PassTerms } from "../../admission/domain/admission.ts";
import { scoreOf } from "../../admission/domain/place.ts";
import type {
  JoinResult,
  JoinTerms,
  OwnedPlace,
  PassReport,
  PlaceReading,
  QueueStore,
} from "../../admission/ports/queue-store.ts";
import type { Attachment } from "./attachment.ts";
import { confirmedRunner, numberAt, textAt, type CallQueue } from "./call-queue.ts";
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
const commonTerms = ({ opensAtMs, final, lobby, findOnly = false }: JoinTerms) => ({
  opensAtMs,
  final: final ? "1" : "0",
  lobbyUntilMs: lobby?.untilMs ?? "",
  findOnly: findOnly ? "1" : "0",
});

type NoPlaceKind = Exclude<JoinResult["kind"], "in-queue">;
const noPlaceKinds: readonly string[] = [
  "over",
  "not-open",
  "not-rebuilt",
  "no-place",
] satisfies NoPlaceKind[];
const isNoPlace = (word: string): word is NoPlaceKind => noPlaceKinds.includes(word);

const joiner = (call: CallQueue) =>
  batchedLoader<Newcomer, JoinResult>({
    groupOf: ({ concertId, terms }) =>
      `${concertId} ${Object.values(commonTerms(terms)).join(" ")}`,
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
        if (isNoPlace(kind)) return { kind };
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

type EndOutcome = Awaited<ReturnType<QueueStore["end"]>>;

interface End extends OwnedPlace {
  readonly concertId: ConcertId;
  readonly reason: Parameters<QueueStore["end"]>[3];
}

/** A user's end runs about as many commands as an attempt to reserve; see the seat gate. */
const endsMax = 50;

/** A batch of the sale pays many reservations at once. Their ends share one run of the script. */
const ender = (call: CallQueue) =>
  batchedLoader<End, EndOutcome>({
    groupOf: ({ concertId }) => concertId,
    batchMax: endsMax,
    load: async (ends) => {
      const rest = ends.flatMap((end) => [end.userId, scoreOf(end), end.reason]);
      const { reply } = await call(queueScripts.endPlace, ends[0].concertId, { rest });
      return ends.map((_, index) => textAt(reply, 1 + index) as EndOutcome);
    },
  });

/** The terms of a waiting list. Without a confirmation of the epoch it neither begins nor admits users. */
const listTerms = (terms: PassTerms["waitingList"], isConfirmed: boolean) => {
  if (terms === undefined) return { seatsFree: "", isSoldOut: 0 };
  if (!isConfirmed) return { seatsFree: 0, isSoldOut: 0 };
  return { seatsFree: terms.seatsFree, isSoldOut: terms.isSoldOut ? 1 : 0 };
};

const recoveryOf = (value: number): PassReport["recovery"] => {
  if (value === 0) return null;
  return value === 1 ? "rebuilt" : "to-rebuild";
};

/**
 * The queues in Redis: one script for each method. The callers of one event-loop turn share one run.
 *
 * Without a confirmation of the epoch a pass admits no user, and no entry of the journal leaves the store: both
 * would be wrong if instances on another server had taken the queue over.
 */
export const redisQueueStore = (call: CallQueue, attached: Attachment): QueueStore => {
  const inConfirmedEpoch = confirmedRunner(attached);
  const join = joiner(call);
  const getStatuses = readStatuses(call);
  const loadStatus = statusLoader(getStatuses);
  const end = ender(call);
  return {
    join: (concertId, userId, terms) => join({ concertId, userId, terms }),
    getStatus: (concertId, userId, { epoch, seq }) => loadStatus({ concertId, userId, epoch, seq }),
    getStatuses,
    getSnapshot: async (concertId) => snapshotAt(await call(queueScripts.getStatus, concertId, {})),
    end: (concertId, userId, { epoch, seq }, reason) =>
      end({ concertId, userId, epoch, seq, reason }),
    async admit(concertId, terms) {
      const { presence, waitingList, ...common } = terms;
      const { reply } = await inConfirmedEpoch(concertId, async (onlyEpoch) => {
        const list = listTerms(waitingList, onlyEpoch !== null);
        if (list.isSoldOut === 1) await attached.beginWaitingList(concertId);
        return call(
          queueScripts.admit,
          concertId,
          {
            ...common,
            ...presence,
            shoppersMax: onlyEpoch === null ? 0 : terms.shoppersMax,
            admitsFromMs: terms.admitsFromMs ?? "",
            final: terms.final ?? "",
            ...list,
          },
          onlyEpoch === null ? {} : { onlyEpoch },
        );
      });
      return {
        atMs: numberAt(reply, 1),
        admitted: numberAt(reply, 2),
        skipped: numberAt(reply, 3),
        lapsed: numberAt(reply, 4),
        more: numberAt(reply, 5) === 1,
        recovery: recoveryOf(numberAt(reply, 6)),
        isEmpty: numberAt(reply, 7) === 0,
      };
    },
    async readJournal(concertId, entriesMax) {
      const page = readPage(await call(queueScripts.readJournal, concertId, { entriesMax }));
      if (page !== null && page.epoch !== (await attached.confirmedEpochOf(concertId))) {
        throw new Unavailable("the database has not confirmed the epoch of the journal");
      }
      return page;
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
