import assert from "node:assert/strict";
import fc from "fast-check";
import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import type { Epochs } from "../../src/queue/ports/durable.ts";
import { newConcert } from "../../src/queue/ports/queue-store.contract.ts";
import type { QueueSchedule } from "../../src/queue/ports/sales.ts";
import type { QueueStatus } from "../../src/queue/use-cases/queue-status.ts";
import { claimsIn, openHouseInQueue, type HouseInQueue, type Keeping } from "./queue-house.ts";
import { memoryEpochs } from "./memory-epochs.ts";

// Generated histories of people in a queue that three instances serve. Everything that anybody is told
// is compared with what he was told before: for one token and one life of the store a position only
// falls. The order of reading is the order of the acts, whatever the clock says meanwhile.

const peopleCount = 8;
const instancesCount = 3;
const startMs = 1_790_000_000_000;
const lobbyMs = 3_000;

/** The store of a queue, as all instances reach it. */
export interface StoreInQueue {
  readonly keepings: readonly Keeping[];
  /** The store forgets the queue and begins another life. */
  lose(): Promise<void>;
}
export type OpenStoreInQueue = (queue: {
  readonly concertId: ConcertId;
  readonly clock: { readonly nowMs: () => number };
  readonly epochs: Epochs;
  readonly recoveryMs: number;
  readonly instancesCount: number;
}) => Promise<StoreInQueue>;

interface Fan {
  readonly userId: UserId;
  /** The newest status that he was told. */
  status: QueueStatus | null;
  /** The last position that he was told, of which place, and in which life of the store. */
  told: { readonly placeId: string; readonly life: number; readonly position: number } | null;
}
interface Scene {
  readonly house: HouseInQueue;
  readonly fans: readonly Fan[];
  readonly store: StoreInQueue;
  nowMs: number;
  life: number;
  /** What an instance was about to put back when it was held up, in which life of the store. */
  late: { readonly life: number; readonly putBack: () => Promise<void> } | null;
}

type Mode = QueueSchedule["policy"]["mode"];
interface Step {
  readonly text: string;
  readonly act: (scene: Scene) => Promise<string>;
}
export interface History {
  readonly mode: Mode;
  readonly steps: readonly Step[];
}

/** He is told something. Answers it in a word; fails when his position has risen. */
const hear = (scene: Scene, fan: Fan, status: QueueStatus | null): string => {
  if (status === null) return "nothing";
  fan.status = status;
  const { placeId } = claimsIn(status.token);
  const { position } = status;
  const { life } = scene;
  const last = fan.told?.placeId === placeId && fan.told.life === life ? fan.told : null;
  if (position !== null) {
    const most = last?.position ?? Infinity;
    assert.ok(position <= most, `${placeId} was told ${most} before, and now ${position}`);
    fan.told = { placeId, life, position };
  }
  return `${status.status} ${position ?? "-"}`;
};

const live = ({ status }: Fan): QueueStatus | null =>
  status === null || status.status === "ENDED" ? null : status;

const instanceOf = (scene: Scene, on: number) => scene.house.instances[on] ?? assert.fail();

const join = async (scene: Scene, who: number, on: number): Promise<string> => {
  const fan = scene.fans[who] ?? assert.fail();
  return hear(scene, fan, await instanceOf(scene, on).join(fan.userId));
};

const poll = async (scene: Scene, who: number, on: number): Promise<string> => {
  const fan = scene.fans[who] ?? assert.fail();
  const status = live(fan);
  if (status === null) return "no place";
  return hear(scene, fan, await instanceOf(scene, on).poll(status.token));
};

const leave = async (scene: Scene, who: number, on: number): Promise<string> => {
  const fan = scene.fans[who] ?? assert.fail();
  const status = live(fan);
  if (status === null) return "no place";
  const instance = instanceOf(scene, on);
  await (status.status === "ACTIVE" ? instance.pay(status.token) : instance.leave(status.token));
  fan.status = null;
  return status.status === "ACTIVE" ? "paid" : "left";
};

const pass = async (scene: Scene, on: number): Promise<string> => {
  const instance = instanceOf(scene, on);
  await instance.draw();
  const { admitted, skipped, lapsed } = await instance.pass();
  return `${admitted} admitted, ${skipped} stepped over, ${lapsed} lapsed`;
};

/** Time goes on. An instance hears of the sale within a second. */
const advance = (scene: Scene, ms: number): void => {
  scene.nowMs += ms;
  if (ms >= 1_000) for (const instance of scene.house.instances) instance.hear();
};

/** Seconds with a pass each, in which these people poll and all others are away. */
const goOn = async (scene: Scene, seconds: number, present: readonly number[]): Promise<string> => {
  const said: string[] = [];
  for (let second = 0; second < seconds; second += 1) {
    advance(scene, 1_000);
    said.push(await pass(scene, second % instancesCount));
    for (const who of present) said.push(`${who}: ${await poll(scene, who, who % instancesCount)}`);
  }
  return said.join("; ");
};

/** All instances pass and people poll, at once. */
const crowd = async (scene: Scene, present: readonly number[], leaver: number | null) => {
  const passes = scene.house.instances.map((_, on) => pass(scene, on));
  const polls = present.map((who) => poll(scene, who, who % instancesCount));
  const left = leaver === null || present.includes(leaver) ? [] : [leave(scene, leaver, 0)];
  return (await Promise.all([...passes, ...polls, ...left])).join("; ");
};

const who = fc.integer({ min: 0, max: peopleCount - 1 });
const on = fc.integer({ min: 0, max: instancesCount - 1 });
const some = fc.uniqueArray(who);

const kind = <T extends object>(
  name: string,
  weight: number,
  fields: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (scene: Scene, it: T) => Promise<string>,
) => ({
  weight,
  arbitrary: fc.record(fields).map((it) => ({
    text: `${name} ${JSON.stringify(it)}`,
    act: (scene: Scene) => act(scene, it as T),
  })),
});

const policy = fc.record({
  maxActive: fc.constantFrom(1, 2, 3, 100),
  admissionsPerMinute: fc.constantFrom(30, 60, 160, 300, 6_000),
  sessionSeconds: fc.constantFrom(1, 3, 60),
  claimSeconds: fc.constantFrom(1, 3, 6),
});

/** What an operator, a buyer or a clock does to the sale. */
const changes = [
  kind("policy", 3, { policy }, async ({ house }, it) => {
    house.announce(({ schedule, stock }) => ({
      stock,
      schedule: { ...schedule, policy: { ...schedule.policy, ...it.policy } },
    }));
    return "set";
  }),
  kind(
    "pause",
    1,
    { isPaused: fc.boolean(), rampSeconds: fc.constantFrom(null, 2) },
    async ({ house, nowMs }, { isPaused, rampSeconds }) => {
      const resumed = { pausedAtMs: null, resumedAtMs: nowMs, rampSeconds };
      house.announce(({ schedule, stock }) => ({
        stock,
        schedule: { ...schedule, ...(isPaused ? { pausedAtMs: nowMs } : resumed) },
      }));
      return "set";
    },
  ),
  kind("stock", 1, { available: fc.constantFrom(0, 1, 40) }, async ({ house }, { available }) => {
    const stock = { available, held: 5, sold: 0, total: 50 };
    house.announce(({ schedule }) => ({ schedule, stock }));
    return "set";
  }),
  kind("hear", 3, { on }, async ({ house }, it) => {
    house.instances[it.on]?.hear();
    return "heard";
  }),
  kind(
    "clock",
    2,
    { ms: fc.constantFrom(1, 300, 2_000, 70_000, -400, -5_000) },
    async (scene, it) => {
      advance(scene, it.ms);
      return "moved";
    },
  ),
  kind("hold up", 1, { on }, async (scene, it) => {
    const putBack = await instanceOf(scene, it.on).readRecords();
    scene.late = { life: scene.life, putBack };
    return "held up";
  }),
  kind("go on late", 1, {}, async (scene) => {
    if (scene.late?.life !== scene.life) return "nothing";
    await scene.late.putBack();
    scene.late = null;
    return "put back";
  }),
  kind("lose", 1, { sure: fc.constantFrom(false, false, true) }, async (scene, { sure }) => {
    if (!sure) return "kept";
    await scene.store.lose();
    scene.life += 1;
    return "lost";
  }),
];

const step: fc.Arbitrary<Step> = fc.oneof(
  kind("join", 8, { who, on }, (scene, it) => join(scene, it.who, it.on)),
  kind("come", 2, { people: some, on }, async (scene, { people, on: at }) =>
    (await Promise.all(people.map((it) => join(scene, it, at)))).join("; "),
  ),
  kind("poll", 5, { who, on }, (scene, it) => poll(scene, it.who, it.on)),
  kind("leave", 3, { who, on }, (scene, it) => leave(scene, it.who, it.on)),
  kind("pass", 4, { on }, (scene, it) => pass(scene, it.on)),
  kind("go on", 5, { seconds: fc.integer({ min: 1, max: 8 }), present: some }, (scene, it) =>
    goOn(scene, it.seconds, it.present),
  ),
  kind("crowd", 3, { present: some, leaver: fc.option(who) }, (scene, it) =>
    crowd(scene, it.present, it.leaver),
  ),
  ...changes,
);

/** Histories of one mode. */
export const histories = (mode: Mode): fc.Arbitrary<History> =>
  fc.record({
    mode: fc.constant(mode),
    steps: fc.array(step, { minLength: 5, maxLength: 40, size: "max" }),
  });

const scheduleOf = (mode: Mode): QueueSchedule => ({
  concertId: newConcert(),
  policy: {
    mode,
    opensAtMs: startMs,
    admitsAtMs: mode === "lottery" ? startMs + lobbyMs : null,
    maxActive: 2,
    admissionsPerMinute: 160,
    shoppersPerSeat: 2,
    sessionSeconds: 60,
    claimSeconds: 3,
  },
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  drawSeed: mode === "lottery" ? "5e".repeat(32) : null,
});

/** Does a history on a store; fails at the first position that rose. */
export const positionsOnlyFall =
  (open: OpenStoreInQueue) =>
  async ({ mode, steps }: History): Promise<void> => {
    const schedule = scheduleOf(mode);
    const { concertId } = schedule;
    const clock = { nowMs: (): number => scene.nowMs };
    const epochs = memoryEpochs();
    const store = await open({ concertId, clock, epochs, recoveryMs: 2_000, instancesCount });
    const stock = { available: 40, held: 5, sold: 0, total: 50 };
    const announced = { schedule, stock };
    const house = openHouseInQueue({ announced, clock, keepings: store.keepings });
    const fans = Array.from({ length: peopleCount }, (_, n): Fan => ({
      userId: toId<"user">(`0190a1b2-0000-7000-8000-00000000000${n}`),
      status: null,
      told: null,
    }));
    const scene: Scene = { house, fans, store, nowMs: startMs, life: 1, late: null };
    const told: string[] = [];
    for (const { text, act } of steps) {
      try {
        told.push(`${text} → ${await act(scene)}`);
      } catch (error) {
        if (!(error instanceof assert.AssertionError)) throw error;
        assert.fail(`${error.message} by ${text}, after\n${told.join("\n")}`);
      }
    }
  };
