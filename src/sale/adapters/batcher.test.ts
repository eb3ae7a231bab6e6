import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import type { PendingCall } from "#platform/pending-calls.ts";
import { batcher, type BatcherOptions } from "./batcher.ts";

type Item = PendingCall<string, string>;

/** A batcher whose batches run until the test ends them. */
const world = (options: Partial<BatcherOptions<string, string>> = {}) => {
  const batches: { items: readonly Item[]; end(error?: Error): void }[] = [];
  let nowMs = 0;
  const gatherer = batcher<string, string>({
    sizeMax: 3,
    waitingMax: 10,
    deadlineMs: 100,
    monotonicMs: () => nowMs,
    run: (items) =>
      new Promise((resolve, reject) => {
        batches.push({
          items,
          end(error) {
            if (error) reject(error);
            else {
              for (const one of items) one.resolve(`${one.command}!`);
              resolve();
            }
          },
        });
      }),
    ...options,
  });
  return {
    gatherer,
    batches,
    /** The commands of each batch so far. */
    seen: () => batches.map(({ items }) => items.map((one) => one.command).join("")),
    advance: (ms: number) => void (nowMs += ms),
    /** Lets everything that is ready go on. */
    nextTurn: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
};

describe("a batcher", () => {
  it("a command on an idle batcher runs at once, without a timer", async () => {
    const { gatherer, batches, seen } = world();
    const answer = gatherer.submit("a");
    await Promise.resolve();
    assert.deepEqual(seen(), ["a"]);
    batches[0]?.end();
    assert.equal(await answer, "a!");
  });

  it("commands that arrive during a batch form the next one, in order, up to sizeMax", async () => {
    const { gatherer, batches, seen, nextTurn } = world();
    const answers = "abcdef".split("").map((command) => gatherer.submit(command));
    await nextTurn();
    assert.deepEqual(seen(), ["abc"]);
    batches[0]?.end();
    await nextTurn();
    answers.push(gatherer.submit("g"));
    assert.deepEqual(seen(), ["abc", "def"]);
    batches[1]?.end();
    await nextTurn();
    assert.deepEqual(seen(), ["abc", "def", "g"]);
    batches[2]?.end();
    assert.equal((await Promise.all(answers)).join(""), "a!b!c!d!e!f!g!");
  });

  it("a command beyond waitingMax is Unavailable at once", async () => {
    const { gatherer } = world({ waitingMax: 2 });
    void gatherer.submit("a");
    void gatherer.submit("b");
    await assert.rejects(gatherer.submit("c"), Unavailable);
  });

  it("a command is Unavailable at its deadline, also while its batch runs", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { gatherer, batches, advance } = world();
    const first = gatherer.submit("a");
    await Promise.resolve();
    advance(60);
    const second = gatherer.submit("b");
    advance(40);
    t.mock.timers.tick(100);
    await assert.rejects(first, Unavailable);
    batches[0]?.end();
    advance(60);
    t.mock.timers.tick(60);
    await assert.rejects(second, Unavailable);
  });

  it("a command past its deadline joins no batch", async () => {
    const { gatherer, batches, seen, advance, nextTurn } = world();
    const first = gatherer.submit("a");
    await nextTurn();
    const late = gatherer.submit("b");
    advance(50);
    const young = gatherer.submit("c");
    advance(50);
    batches[0]?.end();
    await nextTurn();
    assert.deepEqual(seen(), ["a", "c"]);
    batches[1]?.end();
    assert.deepEqual(await Promise.all([first, young]), ["a!", "c!"]);
    await assert.rejects(late, Unavailable);
  });

  it("every call of close resolves once all commands have their answer", async () => {
    const { gatherer, batches } = world();
    const answer = gatherer.submit("a");
    await Promise.resolve();
    const closings = [gatherer.close(), gatherer.close()];
    batches[0]?.end();
    await Promise.all([answer, ...closings]);
    await assert.rejects(gatherer.submit("b"), Unavailable);
  });

  it("an error of the run is the answer of the commands that have none", async () => {
    const { gatherer, batches, nextTurn } = world();
    const answers = [gatherer.submit("a"), gatherer.submit("b")];
    await nextTurn();
    batches[0]?.items[0]?.resolve("early");
    batches[0]?.end(new Error("broken"));
    assert.equal(await answers[0], "early");
    await assert.rejects(answers[1] ?? assert.fail(), /broken/);
    const next = gatherer.submit("c");
    await nextTurn();
    batches[1]?.end();
    assert.equal(await next, "c!");
  });

  it("a second batch runs beside the first only from besideMin waiting commands on", async () => {
    const { gatherer, seen, nextTurn } = world({ besideMin: 2, keysOf: () => [] });
    void gatherer.submit("a");
    await nextTurn();
    void gatherer.submit("b");
    await nextTurn();
    assert.deepEqual(seen(), ["a"]);
    void gatherer.submit("c");
    await nextTurn();
    assert.deepEqual(seen(), ["a", "bc"]);
    void gatherer.submit("d");
    void gatherer.submit("e");
    await nextTurn();
    assert.deepEqual(seen(), ["a", "bc"], "never three");
  });

  it("twice besideMin waiting commands run as two batches of half the size", async () => {
    const { gatherer, seen, nextTurn } = world({ besideMin: 2, sizeMax: 100, keysOf: () => [] });
    for (const command of "abcde".split("")) void gatherer.submit(command);
    await nextTurn();
    assert.deepEqual(seen(), ["abc", "de"]);
  });

  it("commands with a key in common never run in two batches, and keep their order", async () => {
    // A command's keys are its letters.
    const options = { besideMin: 1, keysOf: (command: string) => command.split("") };
    const { gatherer, batches, nextTurn } = world(options);
    const commands = () => batches.map(({ items }) => items.map((one) => one.command));
    const answers = ["ax", "xy", "y", "z"].map((command, index) =>
      index === 0 ? gatherer.submit(command) : nextTurn().then(() => gatherer.submit(command)),
    );
    await nextTurn();
    await nextTurn();
    // `xy` waits for `ax`, and `y` for `xy`: it came later and wants the same.
    assert.deepEqual(commands(), [["ax"], ["z"]]);
    batches[0]?.end();
    await nextTurn();
    assert.deepEqual(commands()[2], ["xy", "y"]);
    batches[1]?.end();
    batches[2]?.end();
    assert.deepEqual(await Promise.all(answers), ["ax!", "xy!", "y!", "z!"]);
  });

  it("a closed batcher refuses commands and resolves once all earlier ones are answered", async () => {
    const { gatherer, batches, nextTurn } = world();
    const answer = gatherer.submit("a");
    await nextTurn();
    let closed = false;
    const closing = gatherer.close().then(() => (closed = true));
    await assert.rejects(gatherer.submit("b"), Unavailable);
    await nextTurn();
    assert.equal(closed, false);
    batches[0]?.end();
    assert.equal(await answer, "a!");
    await closing;
  });
});
