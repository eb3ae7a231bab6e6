import type { ConcertId, UserId } from "#kernel/ids.ts";
import { scoreOf } from "../../domain/place.ts";
import type { RecordedPlace } from "../../domain/recorded-place.ts";
import type {
  JoinResult,
  JoinTerms,
  LineStore,
  PassReport,
  Sight,
} from "../../ports/line-store.ts";
import type { AskedPlace, Lookout } from "../../ports/lookout.ts";
import { numberAt, textAt, type CallLine } from "./call-line.ts";
import { gather } from "../gather.ts";
import { readPage } from "./journal-page.ts";
import { lineScripts } from "./scripts.ts";
import { headLength, liveStandingAt, sightOf } from "./sights.ts";

/** Larger, one step would hold the store for more than a ms or two; smaller, round trips add up. */
const callersMax = 500;

interface JoinKey {
  readonly concertId: ConcertId;
  readonly terms: JoinTerms;
}
interface Newcomer {
  readonly userId: UserId;
  /** Empty in fifo. */
  readonly drawValue: number | "";
}

/** What all who join in one step have in common. */
const commonTerms = ({ opensAtMs, final, lobby }: JoinTerms) => ({
  opensAtMs,
  final: final ? "1" : "0",
  lobbyUntilMs: lobby?.untilMs ?? "",
});

const joiner = (call: CallLine) =>
  gather<JoinKey, Newcomer, JoinResult>({
    keyText: ({ concertId, terms }) => JSON.stringify([concertId, commonTerms(terms)]),
    itemsMax: callersMax,
    send: async ({ concertId, terms }, newcomers) => {
      const answer = await call(
        lineScripts.join,
        concertId,
        {
          ...commonTerms(terms),
          rest: newcomers.flatMap(({ userId, drawValue }) => [userId, drawValue]),
        },
        { givesPlaces: true },
      );
      const head = sightOf(answer);
      return newcomers.map((_, index): JoinResult => {
        const at = headLength + index * 4;
        const kind = textAt(answer.reply, at);
        if (kind === "not-open" || kind === "over" || kind === "not-rebuilt") return { kind };
        const standing = liveStandingAt(answer.reply, at + 1);
        return { kind: "in-line", fresh: kind === "fresh", sight: { ...head, standing } };
      });
    },
  });

const looker = (lookout: Lookout) =>
  gather<ConcertId, AskedPlace, Sight>({
    keyText: (concertId) => concertId,
    itemsMax: callersMax,
    send: async (concertId, asked) => {
      const { standings, ...head } = await lookout.look(concertId, asked);
      return standings.map((standing) => ({ ...head, standing }));
    },
  });

const recoveryOf = (value: number): PassReport["recovery"] => {
  if (value === 0) return null;
  return value === 1 ? "rebuilt" : "to-rebuild";
};

/** What rebuild.lua takes of each. */
const fieldsOf = (person: RecordedPlace): readonly (string | number)[] => {
  const { userId, fate } = person;
  const named = [userId, scoreOf(person), fate.kind];
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

/** The line in Redis: one script a method, callers of one event-loop turn in one call. */
export const redisLineStore = (call: CallLine, lookout: Lookout): LineStore => {
  const joins = joiner(call);
  const looks = looker(lookout);
  return {
    join: (concertId, userId, terms) =>
      joins.add({ concertId, terms }, { userId, drawValue: terms.lobby?.drawValue ?? "" }),
    look: (concertId, userId, { epoch, seq }) => looks.add(concertId, { userId, epoch, seq }),
    figures: async (concertId) => sightOf(await call(lineScripts.look, concertId, {})),
    async end(concertId, userId, place, reason) {
      const { reply } = await call(lineScripts.endPlace, concertId, {
        user: userId,
        place: scoreOf(place),
        reason,
      });
      return reply[0] as "ended" | "absent" | "newer";
    },
    async restore(concertId, userId, place, activeUntilMs) {
      await call(lineScripts.restore, concertId, {
        user: userId,
        place: scoreOf(place),
        activeUntilMs: activeUntilMs ?? 0,
        drawValue: place.drawValue ?? "",
        untold: place.isUntold === true ? "1" : "0",
      });
    },
    async pass(concertId, terms) {
      const { watch, ...rest } = terms;
      const { reply } = await call(lineScripts.admit, concertId, {
        ...rest,
        ...watch,
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
        lineScripts.rebuild,
        concertId,
        { last: last ? "1" : "0", rest: people.flatMap(fieldsOf) },
        onlyEpoch === null ? {} : { onlyEpoch },
      );
      return reply[0] === "stale-epoch" ? null : epoch;
    },
    async journal(concertId, entriesMax) {
      return readPage(await call(lineScripts.readJournal, concertId, { entriesMax }));
    },
    async confirm(concertId, page) {
      // Numbers begin again when a store has lost its line: never trim what another life has noted.
      await call(
        lineScripts.trimJournal,
        concertId,
        { throughN: page.throughN },
        { onlyEpoch: page.epoch },
      );
    },
  };
};
