import { scoreOf } from "../../admission/domain/place.ts";
import type { GateAttempt, GateHold, UserPlace } from "#kernel/queue-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { batchedLoader } from "#platform/batched-loader.ts";
import type {
  SeatGate,
  StoreCheckOutcome,
  StoreEnterOutcome,
} from "../../admission/ports/seat-gate.ts";
import { numberAt, textAt, type CallQueue, type Reply } from "./call-queue.ts";
import { seatLockKey } from "./keys.ts";
import { queueScripts } from "./scripts.ts";

const lockKeys = ({ concertId, date, seatNumbers }: GateAttempt): readonly string[] =>
  seatNumbers.map((seatNumber) => seatLockKey(concertId, date, seatNumber));

type Refused = Exclude<StoreCheckOutcome, { kind: "active" }>;

/** The outcome for a place that may not buy now. Throws on another word, which is a bug in the script. */
const refusalOf = (kind: string): Refused => {
  switch (kind) {
    case "unknown":
    case "ended":
    case "not-active":
    case "grace-period":
      return { kind };
    default:
      throw new Error(`unknown reply ${kind}`);
  }
};

/** The outcomes of attempts. The reply has those that have not entered; a `locked` one has a field a seat. */
const outcomesOf = (
  reply: Reply,
  attempts: readonly GateAttempt[],
): readonly StoreEnterOutcome[] => {
  const outcomes = attempts.map((): StoreEnterOutcome => ({ kind: "entered" }));
  for (let at = 1; at < reply.length;) {
    const [number, kind] = [numberAt(reply, at), textAt(reply, at + 1)];
    at += 2;
    if (kind === "locked") {
      const [sameKey, count] = [numberAt(reply, at), numberAt(reply, at + 1)];
      const taken = new Set(reply.slice(at + 2, at + 2 + count));
      at += 2 + count;
      const seatNumbers =
        attempts[number]?.seatNumbers.filter((_, index) => taken.has(index)) ?? [];
      outcomes[number] = { kind, sameKey: sameKey === 1, seatNumbers };
    } else outcomes[number] = refusalOf(kind);
  }
  return outcomes;
};

const checkedAt = (reply: Reply, at: number): StoreCheckOutcome => {
  const kind = textAt(reply, at);
  if (kind !== "active") return refusalOf(kind);
  return { kind, holding: numberAt(reply, at + 1) === 1, bought: numberAt(reply, at + 2) === 1 };
};

/** A larger step would hold Redis for more than 1 to 2 ms; with smaller ones, round trips add up. */
const callersMax = 500;
const attemptsMax = 50;

/** The checks of one event-loop turn share one run of the script. */
const checker = (call: CallQueue) =>
  batchedLoader<UserPlace, StoreCheckOutcome>({
    groupOf: ({ concertId }) => concertId,
    batchMax: callersMax,
    load: async (places) => {
      const rest = places.flatMap((place) => [place.userId, scoreOf(place)]);
      const { reply } = await call(queueScripts.checkActive, places[0].concertId, { rest });
      return places.map((_, index) => checkedAt(reply, 1 + index * 3));
    },
  });

/** The attempts of one event-loop turn share one run of the script, which judges them one by one. */
const enterer = (call: CallQueue) =>
  batchedLoader<GateAttempt, StoreEnterOutcome>({
    groupOf: ({ concertId, lockMs, leaseMs }) => `${concertId} ${lockMs} ${leaseMs}`,
    batchMax: attemptsMax,
    load: async (attempts) => {
      const rest = attempts.flatMap((attempt) => {
        const { userId, owner, keyTag, seatNumbers } = attempt;
        return [userId, scoreOf(attempt), owner, keyTag, seatNumbers.length];
      });
      const [{ concertId, lockMs, leaseMs }] = attempts;
      const keys = attempts.flatMap(lockKeys);
      const { reply } = await call(
        queueScripts.enter,
        concertId,
        { lockMs, leaseMs, rest },
        { keys },
      );
      return outcomesOf(reply, attempts);
    },
  });

interface Release {
  readonly attempt: GateAttempt;
  readonly hold: GateHold | null;
}

/** Releases share a run too, because a batch of the sale ends many attempts at once. */
const releaser = (call: CallQueue) =>
  batchedLoader<Release, void>({
    groupOf: ({ attempt }) => attempt.concertId,
    batchMax: attemptsMax,
    load: async (releases) => {
      const rest = releases.flatMap(({ attempt, hold }) => {
        const { userId, owner, seatNumbers } = attempt;
        const held = [hold?.reservationId ?? "", hold?.expiresAtMs ?? 0];
        return [userId, scoreOf(attempt), owner, ...held, seatNumbers.length];
      });
      const keys = releases.flatMap(({ attempt }) => lockKeys(attempt));
      await call(queueScripts.releaseLocks, releases[0].attempt.concertId, { rest }, { keys });
      return releases.map(() => undefined);
    },
  });

/** Seat locks and carried slots in Redis: one script for each method. */
export const redisSeatGate = (call: CallQueue): SeatGate => {
  const release = releaser(call);
  return {
    checkActive: checker(call),
    enter: enterer(call),
    releaseLocks: (attempt, hold) => release({ attempt, hold }),
    async carry(hold) {
      await call(queueScripts.carryHold, hold.concertId, {
        user: hold.userId,
        place: scoreOf(hold),
        reservation: hold.reservationId,
        expiresAtMs: hold.expiresAtMs,
      });
    },
    async clear({ concertId, userId, reservationId }) {
      const values = { user: userId, reservation: reservationId };
      const { reply } = await call(queueScripts.clearHold, concertId, values);
      if (reply[0] === "not-rebuilt") throw new Unavailable("the queue is not rebuilt yet");
    },
  };
};
