import assert from "node:assert/strict";
import fc from "fast-check";
import { toId, type ConcertId, type UserId } from "#kernel/ids.ts";
import type { Epochs } from "../../src/queue/recovery/ports/epochs.ts";
import { newConcert } from "../../src/queue/contracts/queue-store.contract.ts";
import type { QueueSchedule } from "../../src/queue/admission/ports/sales.ts";
import type { QueueStatus } from "../../src/queue/admission/presenters/queue-status.ts";
import {
  claimsIn,
  openQueueDeployment,
  type InstanceBackend,
  type QueueDeployment,
} from "./queue-deployment.ts";
import { memoryEpochs } from "./memory-epochs.ts";

// Generated histories of users in a queue that three instances serve. Each answer is compared with the
// user's last one: for one token and one life of the store a position never rises. The order of the
// answers is the order of the steps, whatever the clock shows.

const peopleCount = 8;
const instancesCount = 3;
const startMs = 1_790_000_000_000;
const lobbyMs = 3_000;

/** One store of a queue, with a backend for each instance. */
export interface SharedStore {
  readonly backends: readonly InstanceBackend[];
  /** The store loses the queue and starts another life. */
  lose(): Promise<void>;
}
export type OpenSharedStore = (queue: {
  readonly concertId: ConcertId;
  readonly clock: { readonly nowMs: () => number };
  readonly epochs: Epochs;
  readonly recoveryMs: number;
  readonly instancesCount: number;
}) => Promise<SharedStore>;

interface TestUser {
  readonly userId: UserId;
  /** The newest status that the user has received. */
  status: QueueStatus | null;
  /** The last position that the user has received, with its place and the life of the store. */
  lastSeen: { readonly placeId: string; readonly life: number; readonly position: number } | null;
}
interface World {
  readonly deployment: QueueDeployment;
  readonly fans: readonly TestUser[];
  readonly store: SharedStore;
  nowMs: number;
  life: number;
  /** A rebuild that an instance has read and delays, with the life of the store. */
  delayed: { readonly life: number; readonly rebuild: () => Promise<void> } | null;
}

type Mode = QueueSchedule["policy"]["mode"];
interface Step {
  readonly text: string;
  readonly act: (world: World) => Promise<string>;
}
export interface History {
  readonly mode: Mode;
  readonly steps: readonly Step[];
}

/** Records an answer to a user and returns it as text. Fails when the position has risen. */
const observe = (world: World, fan: TestUser, status: QueueStatus | null): string => {
  if (status === null) return "nothing";
  fan.status = status;
  const { placeId } = claimsIn(status.token);
  const { position } = status;
  const { life } = world;
  const last =
    fan.lastSeen?.placeId === placeId && fan.lastSeen.life === life ? fan.lastSeen : null;
  if (position !== null) {
    const most = last?.position ?? Infinity;
    assert.ok(position <= most, `${placeId} had position ${most} before, and now ${position}`);
    fan.lastSeen = { placeId, life, position };
  }
  return `${status.status} ${position ?? "-"}`;
};

const live = ({ status }: TestUser): QueueStatus | null =>
  status === null || status.status === "ENDED" ? null : status;

const instanceOf = (world: World, on: number) => world.deployment.instances[on] ?? assert.fail();

const join = async (world: World, who: number, on: number): Promise<string> => {
  const fan = world.fans[who] ?? assert.fail();
  return observe(world, fan, await instanceOf(world, on).join(fan.userId));
};

const poll = async (world: World, who: number, on: number): Promise<string> => {
  const fan = world.fans[who] ?? assert.fail();
  const status = live(fan);
  if (status === null) return "no place";
  return observe(world, fan, await instanceOf(world, on).poll(status.token));
};

const leave = async (world: World, who: number, on: number): Promise<string> => {
  const fan = world.fans[who] ?? assert.fail();
  const status = live(fan);
  if (status === null) return "no place";
  const instance = instanceOf(world, on);
  await (status.status === "ACTIVE" ? instance.pay(status.token) : instance.leave(status.token));
  fan.status = null;
  return status.status === "ACTIVE" ? "paid" : "left";
};

const pass = async (world: World, on: number): Promise<string> => {
  const instance = instanceOf(world, on);
  await instance.draw();
  const report = await instance.pass();
  if (report === null) return "no pass";
  const { admitted, skipped, lapsed } = report;
  return `${admitted} admitted, ${skipped} skipped, ${lapsed} lapsed`;
};

/** Advances the clock. Every instance reads the sale within a second. */
const advance = (world: World, ms: number): void => {
  world.nowMs += ms;
  if (ms >= 1_000) for (const instance of world.deployment.instances) instance.refreshSale();
};

/** Runs one pass a second; the present users poll and all others are absent. */
const goOn = async (world: World, seconds: number, present: readonly number[]): Promise<string> => {
  const results: string[] = [];
  for (let second = 0; second < seconds; second += 1) {
    advance(world, 1_000);
    results.push(await pass(world, second % instancesCount));
    for (const who of present)
      results.push(`${who}: ${await poll(world, who, who % instancesCount)}`);
  }
  return results.join("; ");
};

/** Runs a pass on every instance and polls, all concurrently. */
const crowd = async (world: World, present: readonly number[], leaver: number | null) => {
  const passes = world.deployment.instances.map((_, on) => pass(world, on));
  const polls = present.map((who) => poll(world, who, who % instancesCount));
  const left = leaver === null || present.includes(leaver) ? [] : [leave(world, leaver, 0)];
  return (await Promise.all([...passes, ...polls, ...left])).join("; ");
};

const who = fc.integer({ min: 0, max: peopleCount - 1 });
const on = fc.integer({ min: 0, max: instancesCount - 1 });
const some = fc.uniqueArray(who);

const kind = <T extends object>(
  name: string,
  weight: number,
  fields: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
  act: (world: World, it: T) => Promise<string>,
) => ({
  weight,
  arbitrary: fc.record(fields).map((it) => ({
    text: `${name} ${JSON.stringify(it)}`,
    act: (world: World) => act(world, it as T),
  })),
});

const policy = fc.record({
  maxActive: fc.constantFrom(1, 2, 3, 100),
  admissionsPerMinute: fc.constantFrom(30, 60, 160, 300, 6_000),
  sessionSeconds: fc.constantFrom(1, 3, 60),
  idleSeconds: fc.constantFrom(0, 0, 2),
  claimSeconds: fc.constantFrom(1, 3, 6),
});

/** Steps of operators, buyers and clocks. */
const changes = [
  kind("policy", 3, { policy }, async ({ deployment }, it) => {
    deployment.changeSale(({ schedule, stock }) => ({
      stock,
      schedule: { ...schedule, policy: { ...schedule.policy, ...it.policy } },
    }));
    return "set";
  }),
  kind(
    "pause",
    1,
    { isPaused: fc.boolean(), rampSeconds: fc.constantFrom(null, 2) },
    async ({ deployment, nowMs }, { isPaused, rampSeconds }) => {
      const resumed = { pausedAtMs: null, resumedAtMs: nowMs, rampSeconds };
      deployment.changeSale(({ schedule, stock }) => ({
        stock,
        schedule: { ...schedule, ...(isPaused ? { pausedAtMs: nowMs } : resumed) },
      }));
      return "set";
    },
  ),
  kind(
    "stock",
    1,
    { available: fc.constantFrom(0, 1, 40) },
    async ({ deployment }, { available }) => {
      const stock = { available, held: 5, mayReturn: 5, sold: 0, total: 50, hasEnded: false };
      deployment.changeSale(({ schedule }) => ({ schedule, stock }));
      return "set";
    },
  ),
  kind("refresh sale", 3, { on }, async ({ deployment }, it) => {
    deployment.instances[it.on]?.refreshSale();
    return "refreshed";
  }),
  kind(
    "clock",
    2,
    { ms: fc.constantFrom(1, 300, 2_000, 70_000, -400, -5_000) },
    async (world, it) => {
      advance(world, it.ms);
      return "moved";
    },
  ),
  kind("delay rebuild", 1, { on }, async (world, it) => {
    const rebuild = await instanceOf(world, it.on).readRecords();
    world.delayed = { life: world.life, rebuild };
    return "delayed";
  }),
  kind("rebuild late", 1, {}, async (world) => {
    if (world.delayed?.life !== world.life) return "nothing";
    await world.delayed.rebuild();
    world.delayed = null;
    return "rebuilt";
  }),
  kind("lose", 1, { sure: fc.constantFrom(false, false, true) }, async (world, { sure }) => {
    if (!sure) return "kept";
    await world.store.lose();
    world.life += 1;
    return "lost";
  }),
];

const step: fc.Arbitrary<Step> = fc.oneof(
  kind("join", 8, { who, on }, (world, it) => join(world, it.who, it.on)),
  kind("come", 2, { people: some, on }, async (world, { people, on: at }) =>
    (await Promise.all(people.map((it) => join(world, it, at)))).join("; "),
  ),
  kind("poll", 5, { who, on }, (world, it) => poll(world, it.who, it.on)),
  kind("leave", 3, { who, on }, (world, it) => leave(world, it.who, it.on)),
  kind("pass", 4, { on }, (world, it) => pass(world, it.on)),
  kind("go on", 5, { seconds: fc.integer({ min: 1, max: 8 }), present: some }, (world, it) =>
    goOn(world, it.seconds, it.present),
  ),
  kind("crowd", 3, { present: some, leaver: fc.option(who) }, (world, it) =>
    crowd(world, it.present, it.leaver),
  ),
  ...changes,
);

/** Generates histories of one mode. */
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
    idleSeconds: 0,
    holdSeconds: 300,
    maxSeatsPerUser: 4,
    claimSeconds: 3,
  },
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  cancelledAtMs: null,
  drawSeed: mode === "lottery" ? "5e".repeat(32) : null,
});

/** Runs a history on a store. Fails at the first position that has risen. */
export const positionsOnlyFall =
  (open: OpenSharedStore) =>
  async ({ mode, steps }: History): Promise<void> => {
    const schedule = scheduleOf(mode);
    const { concertId } = schedule;
    const clock = { nowMs: (): number => world.nowMs };
    const epochs = memoryEpochs();
    const store = await open({ concertId, clock, epochs, recoveryMs: 2_000, instancesCount });
    const stock = { available: 40, held: 5, mayReturn: 5, sold: 0, total: 50, hasEnded: false };
    const sale = { schedule, stock };
    const deployment = openQueueDeployment({ sale, clock, backends: store.backends });
    const fans = Array.from({ length: peopleCount }, (_, n): TestUser => ({
      userId: toId<"user">(`0190a1b2-0000-7000-8000-00000000000${n}`),
      status: null,
      lastSeen: null,
    }));
    const world: World = { deployment, fans, store, nowMs: startMs, life: 1, delayed: null };
    const log: string[] = [];
    for (const { text, act } of steps) {
      try {
        log.push(`${text} → ${await act(world)}`);
      } catch (error) {
        if (!(error instanceof assert.AssertionError)) throw error;
        assert.fail(`${error.message} by ${text}, after\n${log.join("\n")}`);
      }
    }
  };
