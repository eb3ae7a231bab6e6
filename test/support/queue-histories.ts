import assert from "node:assert/strict";
import fc from "fast-check";
import { toId, type Id } from "#kernel/ids.ts";
import type { PlaceMark } from "#kernel/place.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import { newConcert, wideTerms } from "../../src/queue/contracts/queue-store.contract.ts";
import { stockLagMs, type PassTerms } from "../../src/queue/admission/domain/admission.ts";
import type { QueueBackend } from "../../src/queue/adapters/queue-backend.ts";
import type { RecordedPlace } from "../../src/queue/recovery/domain/recorded-place.ts";
import { memoryEpochs } from "./memory-epochs.ts";
import { memoryQueue } from "../../src/queue/adapters/memory/memory-queue.ts";
import { queueKeys } from "../../src/queue/adapters/redis/keys.ts";
import { redisQueue } from "../../src/queue/adapters/redis/redis-queue.ts";

const peopleCount = 5;
/** As short as the steps of the clock. */
const recoveryMs = 900;

// The same ids in every run, so that a seed reproduces its history: some orders depend on the id.
const idOf = <Kind extends string>(n: number): Id<Kind> =>
  toId<Kind>(`0190a1b2-0000-7000-8000-${String(n).padStart(12, "0")}`);
const users = Array.from({ length: peopleCount }, (_, index) => idOf<"user">(index));
const reservations = Array.from({ length: 3 }, (_, index) => idOf<"reservation">(100 + index));

/** Steps name users and places by small numbers, so that a history uses the same ones repeatedly. */
interface Side extends Pick<QueueBackend, "store" | "gate"> {
  /** The store loses this queue and starts another life. */
  lose(): Promise<void>;
}
interface World {
  readonly concertId: ReturnType<typeof newConcert>;
  nowMs: number;
}
type Act = (side: Side, world: World) => Promise<unknown>;
interface Step {
  readonly text: string;
  /** Moves the clock before the act. */
  readonly ms: number;
  readonly act: Act;
}

const who = fc.integer({ min: 0, max: peopleCount - 1 });
/** A place of the present epoch, or one of the same user in the lost epoch before. */
const place = fc.record({
  isLost: fc.constantFrom(false, false, true),
  n: fc.integer({ min: 1, max: 8 }),
});
const untilMs = fc.constantFrom(500, 1_500, 4_000);
const reservation = fc.constantFrom(...reservations);
const often = <T>(usual: T, other: T): fc.Arbitrary<T> =>
  fc.constantFrom(usual, usual, usual, other);

type Named = {
  readonly who: number;
  readonly place: { readonly isLost: boolean; readonly n: number };
};
const userOf = (index: number) => users[index] ?? assert.fail();
const markOf = ({ who: index, place: { isLost, n } }: Named): PlaceMark =>
  isLost ? { epoch: 1, seq: index * 8 + n } : { epoch: 2, seq: n };

/** Steps of one kind: the generated fields and the action. */
const kind = <T extends object>(
  name: string,
  weight: number,
  fields: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (it: T, side: Side, world: World) => Promise<unknown>,
) => ({
  weight,
  arbitrary: fc.record(fields).map((it) => ({
    text: `${name} ${JSON.stringify(it)}`,
    act: ((side, world) => act(it as T, side, world)) satisfies Act,
  })),
});

/** Generates a state of a place in the database. */
const state: fc.Arbitrary<(nowMs: number) => RecordedPlace["state"]> = fc.oneof(
  fc.constantFrom("PAID" as const, "LEFT" as const).map((reason) => () => ({
    kind: "ended" as const,
    reason,
  })),
  fc.boolean().map((hasBeenAdmitted) => () => ({ kind: "skipped" as const, hasBeenAdmitted })),
  fc
    .record({ forMs: fc.constantFrom(-1, 500, 4_000), held: fc.option(reservation) })
    .map(({ forMs, held }) => (nowMs: number) => ({
      kind: "admitted" as const,
      activeUntilMs: nowMs + forMs,
      hold: held === null ? null : { reservationId: held, expiresAtMs: nowMs + 1_500 },
    })),
);

const attemptFields = {
  who,
  place,
  seatNumbers: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1 }),
  owner: fc.constantFrom("a", "b"),
  keyTag: fc.constantFrom("", "k1", "k2"),
};
type AttemptFields = Named & {
  readonly seatNumbers: number[];
  readonly owner: string;
  readonly keyTag: string;
};
// Locks expire by the wall clock of the store, which the test does not move, so they outlast a history.
const attemptOf = (it: AttemptFields, { concertId }: World) => ({
  concertId,
  userId: userOf(it.who),
  ...markOf(it),
  date: "2026-12-24",
  seatNumbers: it.seatNumbers,
  owner: it.owner,
  keyTag: it.keyTag,
  lockMs: 3_600_000,
  leaseMs: 700,
});

const enter = (it: AttemptFields, { gate }: Side, world: World) => gate.enter(attemptOf(it, world));

type ReleaseFields = AttemptFields & {
  readonly held: Id<"reservation"> | null;
  readonly until: number;
};
const releaseFields = { ...attemptFields, held: fc.option(reservation), until: untilMs };
const release = ({ held, until, ...it }: ReleaseFields, { gate }: Side, world: World) => {
  const hold = held === null ? null : { reservationId: held, expiresAtMs: world.nowMs + until };
  return gate.releaseLocks(attemptOf(it, world), hold);
};

const endFields = { who, place, reason: fc.constantFrom("LEFT" as const, "PAID" as const) };
type EndFields = Named & { readonly reason: "LEFT" | "PAID" };
const end = (it: EndFields, { store }: Side, { concertId }: World) =>
  store.end(concertId, userOf(it.who), markOf(it), it.reason);

/** Several acts of one kind at once, which the store takes in one step: often some are of the same user. */
const together = <T extends object>(
  name: string,
  fields: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (it: T, side: Side, world: World) => Promise<unknown>,
) =>
  kind<{ all: T[] }>(
    `${name} together`,
    2,
    { all: fc.array(fc.record(fields) as fc.Arbitrary<T>, { minLength: 2, maxLength: 4 }) },
    ({ all }, side, world) => Promise.all(all.map((it) => act(it, side, world))),
  );

const kindsWith = (waitingList: fc.Arbitrary<PassTerms["waitingList"]>) => [
  kind(
    "join",
    6,
    {
      who,
      opensInMs: often(0, 300),
      final: often(false, true),
      findOnly: often(false, true),
    },
    (it, { store }, { concertId, nowMs }) =>
      store.join(concertId, userOf(it.who), {
        opensAtMs: nowMs + it.opensInMs,
        final: it.final,
        findOnly: it.findOnly,
      }),
  ),
  kind("look", 6, { who, place }, (it, { store }, { concertId }) =>
    store.getStatus(concertId, userOf(it.who), markOf(it)),
  ),
  kind(
    "pass",
    7,
    {
      admissionsPerMinute: fc.constantFrom(30, 77, 6_000),
      maxActive: fc.constantFrom(1, 3, 100),
      shoppersMax: fc.constantFrom(0, 1, 100, 100),
      isPaused: often(false, true),
      isFinal: fc.constantFrom(false, false, false, false, false, true),
      waitingList,
      claimMs: fc.constantFrom(300, 2_000),
      sessionMs: fc.constantFrom(1_000, 3_000),
      idleMs: fc.constantFrom(0, 0, 400, 1_100),
      peopleMax: fc.constantFrom(1, 2, 100),
      presence: fc.record({
        pollPerPlaceMs: fc.constantFrom(100, 400),
        pollNearMs: fc.constant(200),
        pollSlowestMs: fc.constantFrom(500, 900),
        graceMs: fc.constantFrom(100, 500),
        trackedMax: fc.constantFrom(0, 2, 50, 50),
        passGapMs: fc.constantFrom(1_500, 1e12, 1e12),
      }),
    },
    ({ isPaused, isFinal, ...terms }, { store }, { concertId }) =>
      store.admit(concertId, {
        ...wideTerms,
        ...terms,
        final: isFinal ? "CLOSED" : null,
        // Of a sale that is over a small step may end others first: only a whole one is compared.
        peopleMax: isFinal ? 100 : terms.peopleMax,
        admitsFromMs: isPaused || isFinal ? null : 0,
      }),
  ),
  kind<EndFields>("end", 2, endFields, end),
  kind(
    "restore",
    2,
    { who, n: fc.integer({ min: 1, max: 8 }), until: fc.option(untilMs) },
    ({ who: user, n, until }, { store }, { concertId, nowMs }) =>
      store.restore(
        concertId,
        userOf(user),
        markOf({ who: user, place: { isLost: true, n } }),
        until === null ? null : nowMs + until,
      ),
  ),
  kind(
    "rebuild",
    2,
    {
      people: fc.array(fc.record({ who, place, state }), { maxLength: 3 }),
      last: fc.boolean(),
    },
    ({ people, last }, { store }, { concertId, nowMs }) =>
      store.rebuild(
        concertId,
        people.map((it) => ({
          userId: userOf(it.who),
          ...markOf(it),
          state: it.state(nowMs),
        })),
        last,
      ),
  ),
  kind("lose", 1, { sure: often(false, true) }, ({ sure }, side) =>
    sure ? side.lose() : Promise.resolve(),
  ),
  kind<AttemptFields>("enter", 3, attemptFields, enter),
  kind<AttemptFields>("check active", 2, attemptFields, (it, { gate }, world) =>
    gate.checkActive(attemptOf(it, world)),
  ),
  kind<ReleaseFields>("release", 2, releaseFields, release),
  kind(
    "carry",
    2,
    { who, place, held: reservation, until: untilMs },
    (it, { gate }, { concertId, nowMs }) =>
      gate.carry({
        concertId,
        userId: userOf(it.who),
        ...markOf(it),
        reservationId: it.held,
        expiresAtMs: nowMs + it.until,
      }),
  ),
  kind("clear", 1, { who, held: reservation }, async (it, { gate }, { concertId }) => {
    try {
      await gate.clear({ concertId, userId: userOf(it.who), reservationId: it.held });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return "to be retried";
    }
  }),
  kind(
    "journal",
    2,
    { count: fc.integer({ min: 1, max: 5 }), confirms: fc.boolean() },
    async (it, { store }, { concertId }) => {
      const page = await store.readJournal(concertId, it.count);
      if (page !== null && it.confirms) await store.trimJournal(concertId, page);
      return page;
    },
  ),
];

/** Acts that share a step with others of their kind. */
const togetherKinds = [
  together<EndFields>("end", endFields, end),
  together<AttemptFields>("enter", attemptFields, enter),
  together<ReleaseFields>("release", releaseFields, release),
];

const stepMs = fc.constantFrom(0, 0, 0, 1, 100, 299, 300, 700, 1_000, 2_500, 70_000, -400);
const stepsWith = (
  waitingList: fc.Arbitrary<PassTerms["waitingList"]>,
  more: typeof togetherKinds = [],
): fc.Arbitrary<Step[]> => {
  const step = fc
    .record({ ms: stepMs, it: fc.oneof(...kindsWith(waitingList), ...more) })
    .map(({ ms, it }) => ({ text: `+${ms} ms ${it.text}`, ms, act: it.act }));
  return fc.array(step, { minLength: 5, maxLength: 40, size: "max" });
};
/** Histories of acts on one line, with steps of the clock in both directions. */
export const histories = stepsWith(fc.constant(undefined));
/** The same, in which often several acts share a step. */
export const togetherHistories = stepsWith(fc.constant(undefined), togetherKinds);

const soldOut = { ...wideTerms, waitingList: { seatsFree: 0, isSoldOut: true } };
/** All users wait on a waiting list that has begun. */
const begun: readonly Step[] = [
  ...users.map((userId, n) => ({
    text: `join ${n}`,
    ms: 0,
    act: (({ store }, { concertId }) =>
      store.join(concertId, userId, { opensAtMs: 0, final: false })) satisfies Act,
  })),
  {
    text: "sell out",
    ms: recoveryMs,
    act: ({ store }, { concertId }) => store.admit(concertId, soldOut),
  },
];
/** Histories of a waiting list: most passes have its terms. */
export const waitingListHistories = fc
  .tuple(
    fc.constantFrom(0, stockLagMs),
    stepsWith(
      fc.record({
        seatsFree: fc.constantFrom(0, 1, 2, 2, 100),
        isSoldOut: often(false, true),
      }),
    ),
  )
  .map(([ms, steps]) => [...begun, ...steps.map((it, n) => (n === 0 ? { ...it, ms } : it))]);

/** Does a history in memory and in Redis; fails at the first act that is answered differently. */
export const replayOn =
  (redis: RedisStore) =>
  async (steps: readonly Step[]): Promise<void> => {
    const world: World = { concertId: newConcert(), nowMs: 1_790_000_000_000 };
    const clock = { nowMs: () => world.nowMs };
    const [modelEpochs, realEpochs] = [memoryEpochs(), memoryEpochs()];
    await modelEpochs.raise(world.concertId, 0, "before");
    await realEpochs.raise(world.concertId, 0, "before");
    const { concertId } = world;
    const lifeOf = (n: number) =>
      memoryQueue({ clock, epochs: modelEpochs, runId: `model ${n}`, recoveryMs });
    let lives = 1;
    const model: Side = {
      ...lifeOf(lives),
      async lose() {
        lives += 1;
        Object.assign(model, lifeOf(lives));
      },
    };
    const real: Side = {
      ...redisQueue({ redis, epochs: realEpochs, nowMs: clock.nowMs, recoveryMs }),
      async lose() {
        await redis.command(["DEL", ...queueKeys(concertId)]);
      },
    };
    await model.store.getSnapshot(concertId);
    await real.store.getSnapshot(concertId);
    const log: string[] = [];
    for (const { text, ms, act } of steps) {
      world.nowMs += ms;
      const [expected, actual] = [await act(model, world), await act(real, world)];
      log.push(`${text} → ${JSON.stringify(expected)}`);
      assert.deepEqual(actual, expected, log.join("\n"));
      const [modelQueue, realQueue] = await Promise.all(
        [model, real].map(({ store }) => store.getSnapshot(world.concertId)),
      );
      assert.deepEqual(realQueue, modelQueue, `counters after\n${log.join("\n")}`);
    }
  };
