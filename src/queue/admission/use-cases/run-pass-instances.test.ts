import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import { openQueueDeployment } from "#test/support/queue-deployment.ts";
import { queueFixture } from "#test/support/queue-fixture.ts";
import { memoryQueue } from "../../adapters/memory/memory-queue.ts";
import { newUser } from "../../contracts/queue-store.contract.ts";

// Two instances that serve one queue.

const tickMs = 200;
/** The next pass over an empty queue is at the first tick after 0.7 s. */
const boundMs = 800;

const scene = async () => {
  const { clock, world, concertId } = queueFixture();
  const schedule = world.schedule ?? assert.fail();
  const backend = memoryQueue({ clock, epochs: memoryEpochs(), runId: "first" });
  const { instances } = openQueueDeployment({
    sale: { schedule, stock: world.stock },
    clock,
    backends: [backend, backend],
  });
  const [a = assert.fail(), b = assert.fail()] = instances;
  const active = async () => (await backend.store.getSnapshot(concertId)).counters.active;
  assert.notEqual(await a.pass(), null);
  clock.atMs += tickMs;
  assert.equal(await a.pass(), null, "instance A knows the queue as empty");
  return { clock, a, b, active };
};

test("a user who joins an empty queue is admitted by the next tick of the instance that took the join", async () => {
  const { clock, b, active } = await scene();
  assert.notEqual(await b.pass(), null);
  clock.atMs += tickMs;
  assert.equal(await b.pass(), null, "instance B knows the queue as empty");
  await b.join(newUser());
  clock.atMs += tickMs;
  assert.equal((await b.pass())?.admitted, 1);
  assert.equal(await active(), 1);
});

test("a user who joins an empty queue at an instance that ends is admitted by another one within 0.8 s", async () => {
  const { clock, a, b, active } = await scene();
  await b.join(newUser());
  const joinedAtMs = clock.atMs;
  while ((await active()) === 0) {
    clock.atMs += tickMs;
    assert.ok(clock.atMs - joinedAtMs <= boundMs, "the user still waits");
    await a.pass();
  }
  clock.atMs += tickMs;
  assert.notEqual(await a.pass(), null, "instance A runs each pass from now on");
});
