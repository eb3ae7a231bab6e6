import assert from "node:assert/strict";
import { test } from "node:test";
import { concert, idOf } from "#test/support/batch.ts";
import type { OperatorRefund } from "../domain/decide-refund.ts";
import { refundCancelledConcert } from "./refund-cancelled-concert.ts";

const cancelled = { concertId: concert, actor: "operator:1", reason: "The singer is ill" };

const fixture = (world: { holds: number; tickets: number }) => {
  const done: string[] = [];
  const commands: OperatorRefund[] = [];
  const step = refundCancelledConcert({
    cancelledConcerts: {
      cancelHolds: async () => Math.min(1, world.holds--),
      finish: async () => void done.push("finished"),
    },
    refunds: {
      forBuyer: () => assert.fail(),
      findKeyUse: () => assert.fail(),
      storeAnswer: () => assert.fail(),
      tickets: () => assert.fail(),
      list: () => assert.fail(),
      open: async () => Array.from({ length: world.tickets }, (_, n) => idOf<"ticket">(n + 1)),
      byOperator: async (command) => {
        commands.push(command);
        world.tickets = 0;
        return { kind: "refunded-in-full", refunds: [], tickets: 1, amount: 1 };
      },
    },
  });
  return { step: () => step(cancelled), done, commands };
};

test("holds and tickets are ended in steps, and a concert without any is finished", async () => {
  const { step, done, commands } = fixture({ holds: 2, tickets: 3 });
  assert.deepEqual([await step(), await step()], ["more", "more"]);
  assert.deepEqual(done, []);
  assert.equal(await step(), "done");
  assert.deepEqual(done, ["finished"]);
  assert.equal(commands.length, 1);
  const { named, ...note } = commands[0] as OperatorRefund;
  assert.deepEqual(note, { ...cancelled, isCancelled: true });
  assert.equal("ticketIds" in named && named.ticketIds.length, 3);
});
