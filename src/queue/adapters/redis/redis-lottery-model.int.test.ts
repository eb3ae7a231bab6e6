import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { toId, type UserId } from "#kernel/ids.ts";
import { createLog } from "#platform/log.ts";
import { openRedis, scriptOf, type RedisStore } from "#platform/redis/store.ts";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import { sharedRedisUrl } from "#test/support/redis.ts";
import { seqAfterLobby } from "../../admission/domain/place.ts";
import type { Entrant } from "../../lottery/ports/lobby.ts";
import { newConcert, wideTerms } from "../../contracts/queue-store.contract.ts";
import type { QueueBackend } from "../queue-backend.ts";
import { memoryQueue } from "../memory/memory-queue.ts";
import { redisQueue } from "./redis-queue.ts";
import { queueScripts } from "./scripts.ts";

// Generated histories of lotteries: people join the lobby, leave, come back, are lost and put back, are
// drawn, come late, are admitted. Redis must answer each act as the model does; and faults that are
// planted into copies of its scripts must be found by the same histories. A failure prints its seed.

const redis = openRedis({
  url: sharedRedisUrl(),
  log: createLog({ level: "silent" }),
  commandTimeoutMs: 5_000,
});
before(async () => {
  for (let tries = 0; tries < 1_000 && !redis.ready(); tries += 1) await delay(5);
});
after(() => redis.close());

const historiesCount = Number(process.env["QUEUE_HISTORIES"] ?? 150);
const seed = process.env["QUEUE_SEED"];
const startMs = 1_790_000_000_000;
const lobbyUntilMs = startMs + 3_000;

/** Values far from the order of ids; two people have the same one. */
const drawValues = [900, 20, 2 ** 52 - 1, 20, 0, 431];
const entrants: readonly Entrant[] = drawValues.map((drawValue, n) => ({
  userId: toId<"user">(`0190a1b2-0000-7000-8000-00000000000${n}`),
  drawValue,
}));
const entrantOf = (index: number): Entrant => entrants[index] ?? assert.fail();

type Side = Pick<QueueBackend, "store" | "lobby" | "livePlaces">;
interface Scene {
  readonly concertId: ReturnType<typeof newConcert>;
  nowMs: number;
  /** Whether the closed lobby was read, so that a draw may be settled. */
  isRead: boolean;
  /** Whether a draw stands in the database: instances tell the store so with every act. */
  isDrawn: boolean;
}
interface Step {
  readonly text: string;
  readonly ms: number;
  readonly act: (side: Side, scene: Scene) => Promise<unknown>;
}

const who = fc.integer({ min: 0, max: entrants.length - 1 });
/** Places of the lobby and behind it, of this life of the store and of the one before, which was lost. */
const mark = fc.oneof(
  fc.record({ epoch: fc.constant(2), seq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ epoch: fc.constant(1), seq: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ epoch: fc.constant(2), seq: fc.integer({ min: 1, max: 9 }).map(seqAfterLobby) }),
);

const kind = <T extends object>(
  name: string,
  weight: number,
  fields: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (it: T, side: Side, scene: Scene) => Promise<unknown>,
) => ({
  weight,
  arbitrary: fc.record(fields).map((it) => ({
    text: `${name} ${JSON.stringify(it)}`,
    act: (side: Side, scene: Scene) => act(it as T, side, scene),
  })),
});

const kinds = [
  kind("join", 9, { who }, (it, { store }, { concertId, isDrawn }) => {
    const { userId, drawValue } = entrantOf(it.who);
    const lobby = { untilMs: isDrawn ? 0 : lobbyUntilMs, drawValue };
    return store.join(concertId, userId, { opensAtMs: 0, final: false, lobby });
  }),
  kind("look", 4, { who, mark }, (it, { store }, { concertId }) =>
    store.getStatus(concertId, entrantOf(it.who).userId, it.mark),
  ),
  kind("leave", 3, { who, mark }, (it, { store }, { concertId }) =>
    store.end(concertId, entrantOf(it.who).userId, it.mark, "LEFT"),
  ),
  kind("restore", 3, { who, seq: fc.integer({ min: 1, max: 3 }) }, (it, { store }, scene) => {
    const { userId, drawValue } = entrantOf(it.who);
    const lost = { epoch: 1, seq: it.seq, drawValue, isBeforeDraw: !scene.isDrawn };
    return store.restore(scene.concertId, userId, lost, null);
  }),
  kind(
    "draw",
    5,
    {
      drawId: fc.constantFrom("a", "b"),
      after: fc.option(who),
      entrantsMax: fc.constantFrom(3, 100, 100),
    },
    ({ after, ...it }, { lobby }, { concertId }) =>
      lobby.read(concertId, {
        ...it,
        admitsAtMs: lobbyUntilMs,
        leaseMs: 800,
        after: after === null ? null : entrantOf(after),
      }),
  ),
  kind(
    "pass",
    5,
    { maxActive: fc.constantFrom(1, 3, 100), claimMs: fc.constantFrom(300, 2_000) },
    (it, { store }, { concertId, isDrawn }) =>
      store.admit(concertId, { ...wideTerms, ...it, admitsFromMs: isDrawn ? lobbyUntilMs : null }),
  ),
  kind("settled", 3, {}, async (_, __, scene) => {
    scene.isDrawn = scene.isRead;
  }),
  kind("rebuilt", 1, {}, (_, { store }, { concertId }) => store.rebuild(concertId, [], true)),
];

const stepMs = fc.constantFrom(0, 0, 0, 1, 100, 300, 700, 1_500, 3_000, -400, -1_500);
const step: fc.Arbitrary<Step> = fc
  .record({ ms: stepMs, it: fc.oneof(...kinds) })
  .map(({ ms, it }) => ({ text: `+${ms} ms ${it.text}`, ms, act: it.act }));
const histories = fc.record({
  hasLost: fc.boolean(),
  steps: fc.array(step, { minLength: 5, maxLength: 40, size: "max" }),
});

const allPlaces = (
  { livePlaces }: Side,
  concertId: Scene["concertId"],
  people: readonly UserId[],
) => Promise.all(people.map((userId) => livePlaces.peek(concertId, userId)));

interface History {
  readonly hasLost: boolean;
  readonly steps: readonly Step[];
}

const replayOn =
  (store: RedisStore) =>
  async ({ hasLost, steps }: History): Promise<void> => {
    const scene: Scene = { concertId: newConcert(), nowMs: startMs, isRead: false, isDrawn: false };
    const { concertId } = scene;
    const clock = { nowMs: () => scene.nowMs };
    const [modelEpochs, realEpochs] = [memoryEpochs(), memoryEpochs()];
    for (const epochs of [modelEpochs, realEpochs]) {
      await epochs.raise(concertId, 0, "before");
      if (hasLost) await epochs.markInUse(concertId);
    }
    const life = { recoveryMs: 1_000 };
    const model = memoryQueue({ ...life, clock, epochs: modelEpochs, runId: "model" });
    const real = redisQueue({ ...life, redis: store, epochs: realEpochs, nowMs: clock.nowMs });
    const people = entrants.map(({ userId }) => userId);
    const done: string[] = [];
    for (const { text, ms, act } of steps) {
      // A store that was lost begins with a clock that only goes on.
      scene.nowMs += hasLost ? Math.max(0, ms) : ms;
      const [expected, actual] = [await act(model, scene), await act(real, scene)];
      done.push(`${text} → ${JSON.stringify(expected)}`);
      assert.deepEqual(actual, expected, done.join("\n"));
      if ((expected as { kind?: string } | undefined)?.kind === "page") scene.isRead = true;
      const [modelPlaces, realPlaces] = await Promise.all(
        [model, real].map((side) => allPlaces(side, concertId, people)),
      );
      assert.deepEqual(realPlaces, modelPlaces, `places after\n${done.join("\n")}`);
    }
  };

test(`Redis and the model agree on ${historiesCount} generated lotteries`, async () => {
  await fc.assert(fc.asyncProperty(histories, replayOn(redis)), {
    numRuns: historiesCount,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
});

/** A store whose copy of one script has a fault. */
const withFault = (script: string, sound: string, faulty: string): RedisStore => ({
  ...redis,
  run(asked, keys, args) {
    if (asked.name !== script) return redis.run(asked, keys, args);
    return redis.run(scriptOf(script, asked.source.replace(sound, faulty)), keys, args);
  },
});

const faults: readonly [string, script: string, sound: string, faulty: string][] = [
  [
    "the lobby goes by the time of joining",
    "join",
    "addToLobby(queue, user, place, drawValue)\n  else",
    "addToLobby(queue, user, place, number)\n  else",
  ],
  [
    "coming back gives another value",
    "join",
    "addToLobby(queue, user, place, drawValue)\n  else",
    "addToLobby(queue, user, place, drawValue + place % 4294967296 - 1)\n  else",
  ],
  ["the lobby never closes", "join", "queue.nowMs < lobbyUntilMs\n  and ", ""],
  [
    "the lobby opens again when the clock goes back",
    "join",
    '\n  and not redis.call("HGET", metaKey, "lobbyClosedAt")',
    "",
  ],
  [
    "a user who joins after the lobby gets a number of the lobby",
    "join",
    "terms.isLottery and lateStart or 0",
    "0",
  ],
  [
    "a place that was left is given again",
    "end-place",
    "if isLobbyPlace(queue, place) then",
    "if false then",
  ],
  ["a lost place comes back at the end", "restore", "place, ARGV[6])", "place, 2 ^ 52 - 1)"],
  [
    "a lost place comes back before the drawn",
    "restore",
    "not queue.recoveryEndMs\n  and",
    'ARGV[6] ~= "" or',
  ],
  ["the list has people who came late", "read-lobby", "if value >= drawBand then", "if false then"],
  ["two draw at once", "read-lobby", "tonumber(leaseUntilMs) > nowMs", "false"],
  ["the draw does not wait for its time", "read-lobby", "nowMs < tonumber(ARGV[3])", "false"],
  [
    "an admitted user gets a place by draw value",
    "admit",
    'waitingSlot("S", placeOfScore(queue, user, score), 0)',
    'waitingSlot("S", queue.lobbyEpoch and firstPlace(queue.lobbyEpoch) or score, 0)',
  ],
];

for (const [title, script, sound, faulty] of faults) {
  test(`a planted fault is found: ${title}`, async () => {
    const property = fc.asyncProperty(histories, replayOn(withFault(script, sound, faulty)));
    const sources = Object.values(queueScripts).map((binding) => binding.script);
    const source = sources.find(({ name }) => name === script)?.source ?? "";
    assert.equal(source.split(sound).length, 2, "the sound queue is there, once");
    const found = await fc.check(property, { numRuns: 400, seed: 7, endOnFailure: true });
    assert.ok(found.errorInstance instanceof assert.AssertionError, String(found.errorInstance));
  });
}
