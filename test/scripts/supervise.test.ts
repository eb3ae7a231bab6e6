import assert from "node:assert/strict";
import { test } from "node:test";
import { restartPauseMs, supervise, type Worker } from "../../scripts/start/supervise.ts";

interface Puppet extends Worker {
  readonly isFirst: boolean;
  readonly drained: () => boolean;
  serve(): void;
  fail(): void;
  die(how?: string): void;
}

/** Workers that do what the test says, a clock that it moves, and pauses that it lets pass. */
const stage = () => {
  const workers: Puppet[] = [];
  const lines: string[] = [];
  const pauses: { ms: number; pass(): void }[] = [];
  const clock = { ms: 0 };
  const launch = (isFirst: boolean): Worker => {
    const ready = Promise.withResolvers<string>();
    const ended = Promise.withResolvers<string>();
    ready.promise.catch(() => undefined);
    let drained = false;
    const puppet: Puppet = {
      pid: 100 + workers.length,
      isFirst,
      ready: ready.promise,
      ended: ended.promise,
      drained: () => drained,
      drain: () => {
        drained = true;
        ended.resolve("ended");
      },
      serve: () => ready.resolve("http://here"),
      fail: () => {
        ready.reject(new Error("ended before it served"));
        ended.resolve("failed");
      },
      die: (how = "was killed") => ended.resolve(how),
    };
    workers.push(puppet);
    return puppet;
  };
  const options = {
    launch,
    nowMs: () => clock.ms,
    pause: (ms: number) => new Promise<void>((pass) => pauses.push({ ms, pass })),
    say: (line: string) => void lines.push(line),
  };
  return { workers, lines, pauses, clock, options };
};
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const at = <T>(all: readonly T[], index: number): T => {
  const found = all.at(index);
  assert.ok(found !== undefined);
  return found;
};

const three = async () => {
  const scene = stage();
  const starting = supervise({ ...scene.options, count: 3 });
  at(scene.workers, 0).serve();
  await nextTurn();
  for (const worker of scene.workers.slice(1)) worker.serve();
  const group = await starting;
  return { ...scene, group };
};

test("the first worker starts alone, and the others start when it serves", async () => {
  const { workers, options } = stage();
  const firstUrls: string[] = [];
  const onFirst = (url: string) => void firstUrls.push(`${url} with ${workers.length}`);
  const starting = supervise({ ...options, count: 3, onFirst });
  await nextTurn();
  assert.deepEqual(
    workers.map(({ isFirst }) => isFirst),
    [true],
  );
  at(workers, 0).serve();
  await nextTurn();
  assert.deepEqual(
    workers.map(({ isFirst }) => isFirst),
    [true, false, false],
  );
  for (const worker of workers.slice(1)) worker.serve();
  const group = await starting;
  assert.equal(group.url, "http://here");
  assert.deepEqual(firstUrls, ["http://here with 1"]);
  assert.deepEqual(group.pids(), [100, 101, 102]);
});

test("a worker that dies is started again after a pause, not as the first one", async () => {
  const { workers, lines, pauses, group } = await three();
  at(workers, 1).die("was killed by SIGKILL");
  await nextTurn();
  assert.equal(workers.length, 3);
  assert.deepEqual(group.pids(), [100, 102]);
  assert.match(at(lines, 0), /Instance 2 \(process 101\) was killed by SIGKILL.* 0\.5 s/);
  at(pauses, 0).pass();
  await nextTurn();
  assert.equal(workers.length, 4);
  assert.equal(at(workers, 3).isFirst, false);
  at(workers, 3).serve();
  await nextTurn();
  assert.match(at(lines, 1), /Instance 2 serves again/);
  assert.deepEqual([...group.pids()].sort(), [100, 102, 103]);
});

test("the pause grows with each death in a row, until a worker has run for a minute", async () => {
  const { workers, pauses, clock } = await three();
  const die = async (afterMs: number): Promise<number> => {
    clock.ms += afterMs;
    at(workers, -1).die();
    await nextTurn();
    const { ms, pass } = at(pauses, -1);
    pass();
    await nextTurn();
    return ms;
  };
  assert.deepEqual([await die(10), await die(10), await die(10)], [500, 1000, 2000]);
  assert.equal(await die(60_000), 500);
});

test("the pause before a restart is at most 30 s", () => {
  assert.deepEqual([1, 2, 7, 8, 1000].map(restartPauseMs), [500, 1000, 30_000, 30_000, 30_000]);
});

test("close drains all workers at the same time and restarts none", async () => {
  const { workers, group, pauses } = await three();
  at(workers, 2).die();
  await nextTurn();
  const closing = group.close();
  assert.deepEqual(
    workers.map((worker) => worker.drained()),
    [true, true, false],
  );
  at(pauses, 0).pass();
  await closing;
  assert.equal(workers.length, 3);
});

test("a first worker that fails to start fails the whole start, and no other is launched", async () => {
  const { workers, options } = stage();
  const starting = supervise({ ...options, count: 3 });
  at(workers, 0).fail();
  await assert.rejects(starting, /before it served/);
  assert.equal(workers.length, 1);
});

test("another worker that fails to start fails the whole start, and the serving ones are drained", async () => {
  const { workers, options } = stage();
  const starting = supervise({ ...options, count: 3 });
  at(workers, 0).serve();
  await nextTurn();
  at(workers, 1).serve();
  await nextTurn();
  at(workers, 2).fail();
  await assert.rejects(starting, /before it served/);
  assert.ok(at(workers, 0).drained());
  assert.ok(at(workers, 1).drained());
});
