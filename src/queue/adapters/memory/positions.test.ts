import { test } from "node:test";
import fc from "fast-check";
import {
  histories,
  positionsOnlyFall,
  type OpenSharedStore,
} from "#test/support/queue-positions.ts";
import { memoryQueue } from "./memory-queue.ts";

// A position never rises for a live token within an epoch. Controls: redis-positions.int.test.ts.

const historiesCount = Number(process.env["QUEUE_HISTORIES"] ?? 150);
/** Repeats a failed run: the seed that it has printed. */
const seed = process.env["QUEUE_SEED"];

/** The methods of what there is at the moment of each call. */
const through = <T extends object>(current: () => T): T => {
  const names = Object.keys(current()) as (keyof T)[];
  const methods = names.map((name) => [
    name,
    (...args: unknown[]): unknown => (current()[name] as (...all: unknown[]) => unknown)(...args),
  ]);
  return Object.fromEntries(methods) as T;
};

const openModel: OpenSharedStore = async ({ clock, epochs, recoveryMs, instancesCount }) => {
  let lives = 0;
  const begin = () => memoryQueue({ clock, epochs, runId: `model ${(lives += 1)}`, recoveryMs });
  let queue = begin();
  const keeping = {
    store: through(() => queue.store),
    lobby: through(() => queue.lobby),
    gate: through(() => queue.gate),
  };
  return {
    backends: Array.from({ length: instancesCount }, () => keeping),
    async lose() {
      queue = begin();
    },
  };
};

for (const mode of ["fifo", "lottery"] as const) {
  test(`no position rises in generated histories of the model: ${mode}, ${historiesCount}`, async () => {
    await fc.assert(fc.asyncProperty(histories(mode), positionsOnlyFall(openModel)), {
      numRuns: historiesCount,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    });
  });
}
