import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { toId, type ConcertId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { confirmations, type KnownQueue } from "./confirmations.ts";

const queueOf = (epoch = 1, runId = "a"): KnownQueue => ({
  concertId: toId<"concert">(randomUUID()),
  epoch,
  runId,
});

type Answer = "ours" | "of another server" | Error;

/** Confirmations by a database that answers when the test says so; `answer` settles the oldest statement. */
const opened = () => {
  const clock = { ms: 0 };
  const statements: { queues: readonly ConcertId[]; answer: (answer: Answer) => void }[] = [];
  const refused: ConcertId[] = [];
  const { isConfirmed } = confirmations(
    {
      confirm: (_, queues) =>
        new Promise((resolve, reject) => {
          const all = queues.map(({ concertId }) => concertId);
          const answer = (it: Answer): void => {
            if (it instanceof Error) reject(it);
            else resolve(it === "ours" ? all : []);
          };
          statements.push({ queues: all, answer });
        }),
    },
    ({ concertId }) => void refused.push(concertId),
    () => clock.ms,
  );
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  const answer = async (it: Answer): Promise<void> => {
    statements.at(-1)?.answer(it);
    await turn();
  };
  /** Asks for a queue for the first time; the database says that it is ours. */
  const confirm = async (queue: KnownQueue): Promise<void> => {
    const first = isConfirmed(queue);
    await turn();
    await answer("ours");
    await first;
  };
  return { clock, statements, refused, isConfirmed, answer, turn, confirm };
};

test("a queue that is not confirmed yet waits for the database, and for 2 s no longer", async () => {
  const { clock, isConfirmed, answer } = opened();
  const queue = queueOf();
  const first = isConfirmed(queue);
  await answer("ours");
  assert.equal(await first, true);
  clock.ms = 1_999;
  assert.equal(await isConfirmed(queue), true);
  clock.ms = 2_000;
  assert.equal(await isConfirmed(queue), false, "the database has not answered since");
});

test("the 2 s count from the question, not from the answer", async () => {
  const { clock, isConfirmed, answer } = opened();
  const queue = queueOf();
  const first = isConfirmed(queue);
  clock.ms = 1_500;
  await answer("ours");
  assert.equal(await first, true);
  clock.ms = 2_001;
  assert.equal(await isConfirmed(queue), false);
});

test("all queues together cost one statement a second, and no pass waits for it", async () => {
  const { clock, statements, isConfirmed, answer, confirm } = opened();
  const queues = Array.from({ length: 30 }, () => queueOf());
  for (const queue of queues) await confirm(queue);
  const before = statements.length;
  for (let tick = 1; tick <= 25; tick += 1) {
    clock.ms += 200;
    for (const queue of queues) assert.equal(await isConfirmed(queue), true);
    if (tick % 5 === 3) await answer("ours");
  }
  assert.equal(statements.length - before, 5);
  assert.equal(statements.at(-1)?.queues.length, 30);
});

for (const everyTicks of [4, 5, 6, 7, 8, 9]) {
  test(`a queue that is asked for at every tick ${everyTicks} stays confirmed beside one of each tick`, async () => {
    const { clock, statements, isConfirmed, answer, confirm } = opened();
    const [busy, empty] = [queueOf(), queueOf()];
    for (const queue of [empty, busy]) await confirm(queue);
    const before = statements.length;
    for (let tick = 1; tick <= 90; tick += 1) {
      clock.ms += 200;
      assert.equal(await isConfirmed(busy), true);
      if (tick % everyTicks === 0) assert.equal(await isConfirmed(empty), true, `${clock.ms} ms`);
      await answer("ours");
    }
    assert.equal(statements.length - before, 18, "one statement a second");
  });
}

test("a queue that is asked for again within 0.8 s, at any moment, stays confirmed by itself", async () => {
  const { clock, isConfirmed, answer, confirm } = opened();
  const queue = queueOf();
  await confirm(queue);
  for (let number = 0; number < 200; number += 1) {
    clock.ms += 600 + ((number * 37) % 201);
    assert.equal(await isConfirmed(queue), true, `${clock.ms} ms`);
    await answer("ours");
  }
});

test("queues that are new during a statement share the next one, and each waits for it", async () => {
  const { statements, isConfirmed, answer, turn } = opened();
  const asked = [isConfirmed(queueOf())];
  await turn();
  asked.push(isConfirmed(queueOf()), isConfirmed(queueOf()));
  await answer("ours");
  await answer("ours");
  assert.deepEqual(await Promise.all(asked), [true, true, true]);
  assert.equal(statements.length, 2);
});

test("a queue that was last asked for 2 s ago is in no further statement", async () => {
  const { clock, statements, isConfirmed, answer, confirm } = opened();
  const [present, past] = [queueOf(), queueOf()];
  for (const queue of [present, past]) await confirm(queue);
  const asked: number[] = [];
  for (const ms of [1_000, 2_000]) {
    clock.ms = ms;
    await isConfirmed(present);
    await answer("ours");
    asked.push(statements.at(-1)?.queues.length ?? 0);
  }
  assert.deepEqual(asked, [2, 1]);
});

test("a queue of another server is in no further statement until it is asked for again", async () => {
  const { clock, statements, refused, isConfirmed, answer, turn } = opened();
  const [ours, theirs] = [queueOf(), queueOf()];
  const first = isConfirmed(theirs);
  await answer("of another server");
  assert.equal(await first, false);
  assert.deepEqual(refused, [theirs.concertId]);
  clock.ms = 1_000;
  const next = isConfirmed(ours);
  await turn();
  await answer("ours");
  assert.equal(await next, true);
  assert.deepEqual(statements.at(-1)?.queues, [ours.concertId]);
});

test("a queue of another server is reported, and is not confirmed at once", async () => {
  const { clock, refused, isConfirmed, answer, turn } = opened();
  const queue = queueOf();
  const first = isConfirmed(queue);
  await answer("ours");
  assert.equal(await first, true);
  clock.ms = 1_000;
  assert.equal(await isConfirmed(queue), true);
  await answer("of another server");
  assert.deepEqual(refused, [queue.concertId]);
  const again = isConfirmed(queue);
  await turn();
  await answer("of another server");
  assert.equal(await again, false);
});

test("a confirmation of one epoch or server is none of another", async () => {
  const { isConfirmed, answer, turn } = opened();
  const queue = queueOf();
  const first = isConfirmed(queue);
  await answer("ours");
  assert.equal(await first, true);
  for (const other of [
    { ...queue, epoch: 2 },
    { ...queue, runId: "b" },
  ]) {
    const asked = isConfirmed(other);
    await turn();
    await answer("of another server");
    assert.equal(await asked, false);
  }
});

test("while the database is away a queue is unconfirmed, and a bug in the statement is thrown", async () => {
  const { clock, isConfirmed, answer, turn } = opened();
  const queue = queueOf();
  for (const [error, isThrown] of [
    [new Unavailable("away"), false],
    [new TypeError("odd"), true],
  ] as const) {
    clock.ms += 5_000;
    const outcome = isConfirmed(queue).catch((thrown: unknown) => thrown);
    await turn();
    await answer(error);
    assert.equal(await outcome, isThrown ? error : false);
  }
});
