import { scoreOf } from "../../domain/place.ts";
import type { ConcertId } from "#kernel/ids.ts";
import type {
  Attempt,
  GateOutcome,
  GatePlace,
  GlanceOutcome,
  SeatGate,
} from "../../ports/seat-gate.ts";
import { gather } from "../gather.ts";
import { numberAt, textAt, type CallLine, type Reply } from "./call-line.ts";
import { seatLockKey } from "./keys.ts";
import { lineScripts } from "./scripts.ts";

const lockKeys = ({ concertId, date, seatNumbers }: Attempt): readonly string[] =>
  seatNumbers.map((seatNumber) => seatLockKey(concertId, date, seatNumber));

const outcomeOf = (reply: Reply, { seatNumbers }: Attempt): GateOutcome => {
  const [kind] = reply;
  switch (kind) {
    case "locked": {
      const taken = new Set(reply.slice(2));
      return {
        kind,
        twin: numberAt(reply, 1) === 1,
        seatNumbers: seatNumbers.filter((_, index) => taken.has(index)),
      };
    }
    case "entered":
    case "unknown":
    case "ended":
    case "not-active":
      return { kind };
    default:
      throw new Error(`unknown reply ${kind}`);
  }
};

const glanceAt = (reply: Reply, at: number): GlanceOutcome => {
  const kind = textAt(reply, at);
  switch (kind) {
    case "active":
      return {
        kind,
        holding: numberAt(reply, at + 1) === 1,
        bought: numberAt(reply, at + 2) === 1,
      };
    case "unknown":
    case "ended":
    case "not-active":
      return { kind };
    default:
      throw new Error(`unknown reply ${kind}`);
  }
};

/** Larger, one step would hold the store for more than a ms or two; smaller, round trips add up. */
const callersMax = 500;

/** All who ask in one event-loop turn in one script. */
const glancer = (call: CallLine) =>
  gather<ConcertId, GatePlace, GlanceOutcome>({
    keyText: (concertId) => concertId,
    itemsMax: callersMax,
    send: async (concertId, places) => {
      const rest = places.flatMap((place) => [place.userId, scoreOf(place)]);
      const { reply } = await call(lineScripts.glance, concertId, { rest });
      return places.map((_, index) => glanceAt(reply, 1 + index * 3));
    },
  });

/** Seat locks and carried slots in Redis: one script a method. */
export const redisSeatGate = (call: CallLine): SeatGate => {
  const glances = glancer(call);
  return {
    glance: (place) => glances.add(place.concertId, place),
    async enter(attempt) {
      const { userId, owner, keyTag, lockMs, leaseMs, concertId } = attempt;
      const values = { user: userId, place: scoreOf(attempt), owner, keyTag, lockMs, leaseMs };
      const { reply } = await call(lineScripts.enter, concertId, values, {
        keys: lockKeys(attempt),
      });
      return outcomeOf(reply, attempt);
    },
    async settle(attempt, hold) {
      const values = {
        user: attempt.userId,
        place: scoreOf(attempt),
        owner: attempt.owner,
        reservation: hold?.reservationId ?? "",
        expiresAtMs: hold?.expiresAtMs ?? 0,
      };
      await call(lineScripts.settle, attempt.concertId, values, { keys: lockKeys(attempt) });
    },
    async carry(hold) {
      await call(lineScripts.carryHold, hold.concertId, {
        user: hold.userId,
        place: scoreOf(hold),
        reservation: hold.reservationId,
        expiresAtMs: hold.expiresAtMs,
      });
    },
    async clear({ concertId, userId, reservationId }) {
      await call(lineScripts.clearHold, concertId, { user: userId, reservation: reservationId });
    },
  };
};
