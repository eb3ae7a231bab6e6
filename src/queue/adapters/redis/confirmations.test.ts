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
  return { clock, statements, refused, isConfirmed, answer, turn };
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
  const { clock, statements, isConfirmed, answer, turn } = opened();
  const queues = Array.from({ length: 30 }, () => queueOf());
  for (const queue of queues) {
    const asked = isConfirmed(queue);
    await turn();
    await answer("ours");
    await asked;
  }
  const before = statements.length;
  for (let tick = 1; tick <= 25; tick += 1) {
    clock.ms += 200;
    for (const queue of queues) assert.equal(await isConfirmed(queue), true);
    if (tick % 5 === 3) await answer("ours");
  }
  assert.equal(statements.length - before, 5);
  assert.equal(statements.at(-1)?.queues.length, 30);
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
