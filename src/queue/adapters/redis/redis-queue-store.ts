import type { ConcertId, UserId } from "#kernel/ids.ts";
import { batchedLoader } from "#platform/batched-loader.ts";
import { scoreOf } from "../../domain/place.ts";
import type { RecordedPlace } from "../../domain/recorded-place.ts";
import type {
  JoinResult,
  JoinTerms,
  QueueStore,
  PassReport,
  QueueSnapshot,
} from "../../ports/queue-store.ts";
import type { AskedPlace, Lookout } from "../../ports/lookout.ts";
import { numberAt, textAt, type CallQueue } from "./call-queue.ts";
import { readPage } from "./journal-page.ts";
import { queueScripts } from "./scripts.ts";
import { headLength, liveStatusAt, snapshotOf } from "./snapshots.ts";

/** Larger, one step would hold the store for more than a ms or two; smaller, round trips add up. */
const callersMax = 500;

interface Newcomer {
  readonly concertId: ConcertId;
  readonly userId: UserId;
  readonly terms: JoinTerms;
}

/** What all who join in one step have in common. */
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
      const head = snapshotOf(answer);
      return newcomers.map((_, index): JoinResult => {
        const at = headLength + index * 4;
        const kind = textAt(answer.reply, at);
        if (kind === "not-open" || kind === "over" || kind === "not-rebuilt") return { kind };
        const placeStatus = liveStatusAt(answer.reply, at + 1);
        return { kind: "in-queue", fresh: kind === "fresh", snapshot: { ...head, placeStatus } };
      });
    },
  });

const looker = (lookout: Lookout) =>
  batchedLoader<AskedPlace & { readonly concertId: ConcertId }, QueueSnapshot>({
    groupOf: ({ concertId }) => concertId,
    batchMax: callersMax,
    load: async (asked) => {
      const { placeStatuses, ...head } = await lookout.look(asked[0].concertId, asked);
      return placeStatuses.map((placeStatus) => ({ ...head, placeStatus }));
    },
  });

const recoveryOf = (value: number): PassReport["recovery"] => {
  if (value === 0) return null;
  return value === 1 ? "rebuilt" : "to-rebuild";
};

/** What rebuild.lua takes of each. */
const fieldsOf = (person: RecordedPlace): readonly (string | number)[] => {
  const { userId, fate } = person;
  const named = [userId, scoreOf(person), fate.kind === "aside" ? "skipped" : fate.kind];
  switch (fate.kind) {
    case "ended":
      return [...named, fate.reason, "", 0];
    case "aside":
      return [...named, fate.hasBeenAdmitted ? 1 : 0, "", 0];
    case "admitted": {
      const { activeUntilMs, hold } = fate;
      return [...named, activeUntilMs, hold?.reservationId ?? "", hold?.expiresAtMs ?? 0];
    }
  }
};

/** The queue in Redis: one script a method, callers of one event-loop turn in one call. */
export const redisQueueStore = (call: CallQueue, lookout: Lookout): QueueStore => {
  const join = joiner(call);
  const look = looker(lookout);
  return {
    join: (concertId, userId, terms) => join({ concertId, userId, terms }),
    look: (concertId, userId, { epoch, seq }) => look({ concertId, userId, epoch, seq }),
    figures: async (concertId) => snapshotOf(await call(queueScripts.getStatus, concertId, {})),
    async end(concertId, userId, place, reason) {
      const { reply } = await call(queueScripts.endPlace, concertId, {
        user: userId,
        place: scoreOf(place),
        reason,
      });
      return reply[0] as "ended" | "absent" | "newer";
    },
    async restore(concertId, userId, place, activeUntilMs) {
      await call(queueScripts.restore, concertId, {
        user: userId,
        place: scoreOf(place),
        activeUntilMs: activeUntilMs ?? 0,
        drawValue: place.drawValue ?? "",
        isBeforeDraw: place.isUntold === true ? "1" : "0",
      });
    },
    async pass(concertId, terms) {
      const { watch, ...rest } = terms;
      const { reply } = await call(queueScripts.admit, concertId, {
        ...rest,
        pollPerPlaceMs: watch.askPerPlaceMs,
        pollNearMs: watch.askNearMs,
        pollSlowestMs: watch.askSlowestMs,
        graceMs: watch.graceMs,
        trackedMax: watch.watchMax,
        passGapMs: watch.silenceMs,
        retentionMs: terms.restMs,
        admitsFromMs: terms.admitsFromMs ?? "",
        final: terms.final === null ? "0" : "1",
      });
      return {
        atMs: numberAt(reply, 1),
        admitted: numberAt(reply, 2),
        steppedOver: numberAt(reply, 3),
        lapsed: numberAt(reply, 4),
        more: numberAt(reply, 5) === 1,
        recovery: recoveryOf(numberAt(reply, 6)),
      };
    },
    async rebuild(concertId, people, last, onlyEpoch = null) {
      const { epoch, reply } = await call(
        queueScripts.rebuild,
        concertId,
        { last: last ? "1" : "0", rest: people.flatMap(fieldsOf) },
        onlyEpoch === null ? {} : { onlyEpoch },
      );
      return reply[0] === "stale-epoch" ? null : epoch;
    },
    async journal(concertId, entriesMax) {
      return readPage(await call(queueScripts.readJournal, concertId, { entriesMax }));
    },
    async confirm(concertId, page) {
      // Numbers begin again when a store has lost its queue: never trim what another life has noted.
      await call(
        queueScripts.trimJournal,
        concertId,
        { throughN: page.throughN },
        { onlyEpoch: page.epoch },
      );
    },
  };
};
