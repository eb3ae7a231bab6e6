import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import type { Concert } from "../domain/concert.ts";
import { hallPlan } from "../domain/hall.ts";
import { readSeatingPlan } from "./read-seating-plan.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const plan = hallPlan([{ name: "R", price: 1, seats: [1, 50] }]);

test("a plan has an id that changes with a price and is computed once for each", async () => {
  let grades = [{ name: "R", price: 1 }];
  const digested: string[] = [];
  const read = readSeatingPlan({
    find: async (id) => (id === concertId ? ({ grades } as unknown as Concert) : null),
    plans: { find: async () => plan },
    digestOf: (text) => `id ${digested.push(text)}`,
  });
  assert.deepEqual(await read(concertId), { planId: "id 1", plan, grades });
  assert.equal((await read(concertId))?.planId, "id 1");
  grades = [{ name: "R", price: 2 }];
  assert.equal((await read(concertId))?.planId, "id 2");
  assert.notEqual(digested[0], digested[1]);
  assert.equal(await read(toId("0190a1b2-0000-7000-8000-00000000000b")), null);
});
