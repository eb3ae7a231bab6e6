import assert from "node:assert/strict";
import { succeeded } from "./client.ts";
import { sweep } from "./invariants.ts";
import { dateIn, openSale, type Placed, type Reservation, type Sale } from "./sale.ts";
import type { Deployment } from "./server.ts";
import { eventually, mapConcurrently } from "./concurrency.ts";

const day = dateIn(20);

/** One who has bought and one who has left. */
const peopleWhoWent = async (sale: Sale, concertId: string): Promise<Placed[]> => {
  const [fan, other] = await sale.fans(2, { balance: 5_000 });
  assert.ok(fan && other);
  const buyer = await sale.admitted(fan, concertId);
  const { reservationId } = await sale.reserved(buyer, { date: day, seatNumbers: [40] });
  succeeded(await sale.pay(buyer, reservationId), 201);
  const leaver = await sale.placed(other, concertId);
  succeeded(await sale.leave(leaver), 204);
  return [buyer, leaver];
};

/** Ten people in a queue of which three are ACTIVE, and two who went, before its store is lost. */
export const queueToLose = async (deployment: Deployment) => {
  const sale = openSale(deployment);
  const policy = { maxActive: 3 };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const gone = await peopleWhoWent(sale, concertId);
  const fans = await sale.fans(10, { balance: 5_000 });
  const places: Placed[] = [];
  for (const fan of fans) places.push(await sale.placed(fan, concertId));
  const shoppers = places.slice(0, 3);
  const waiting = places.slice(3);
  for (const [index, it] of shoppers.entries()) {
    const { value } = await eventually("the first are ACTIVE", async () => {
      const status = await sale.status(it);
      return status.status === "ACTIVE" ? { ...it, queueToken: status.token } : undefined;
    });
    shoppers[index] = value;
  }
  return { sale, concertId, shoppers, waiting, gone };
};

export type LostQueue = Awaited<ReturnType<typeof queueToLose>>;

/** The queue's state as the concert and the list of concerts show it. */
const shownStates = async (sale: Sale, concertId: string, on: number): Promise<string[]> => {
  type Shown = { queue: { state: string } };
  const path = "/api/v1/concerts";
  const one = succeeded<Shown>(await sale.call({ path: `${path}/${concertId}`, on }), 200);
  const { items } = succeeded<{ items: Shown[] }>(await sale.call({ path, on }), 200);
  return [one, ...items].map(({ queue }) => queue.state);
};

/** All that must hold after the store was lost, whatever was left of it. */
export const comesBack = async (
  deployment: Deployment,
  { sale, concertId, shoppers, waiting, gone }: LostQueue,
): Promise<void> => {
  const [payer, shopper] = shoppers as [Placed, Placed];
  const { value: newcomer } = await eventually("the queue takes people in", async () => {
    const fan = await sale.fan();
    const answer = await sale.join(fan, concertId);
    return answer.status < 300
      ? { ...fan, concertId, queueToken: (answer.body as { token: string }).token }
      : undefined;
  });
  // Each instance finds the store by itself; who stands in the queue already gets no second place by asking.
  await mapConcurrently(deployment.instances, 3, ({ index }) =>
    eventually(`instance ${index} has its queue back`, async () => {
      return (await sale.join(newcomer, concertId, index)).status === 200 || undefined;
    }),
  );
  // They come back in the wrong order, on all instances; several at once, because the recovery ends after 25 s.
  await mapConcurrently(waiting.toReversed(), 3, async (it) => {
    const status = await sale.status(it);
    assert.deepEqual(
      [status.status, status.queueState, status.position],
      ["WAITING", "RECOVERING", null],
    );
  });
  // Whoever looks at the concerts is told the same, by every instance.
  for (const { index: on } of deployment.instances) {
    await eventually(`instance ${on} says RECOVERING`, async () => {
      const shown = await shownStates(sale, concertId, on);
      return shown.every((state) => state === "RECOVERING") || undefined;
    });
  }
  const held = await sale.reserved(payer, { date: day, seatNumbers: [1] });
  succeeded<Reservation>(await sale.pay(payer, held.reservationId), 201);
  await eventually("the queue goes on", async () => {
    const status = await sale.status(waiting.at(-1) as Placed);
    return status.queueState === "OPEN" || undefined;
  });
  // One slot is free: the first of those who waited has it; the others stand in their order.
  await eventually("the first is ACTIVE", async () => {
    return (await sale.status(waiting[0] as Placed)).status === "ACTIVE" || undefined;
  });
  const positions = await mapConcurrently(
    waiting.slice(1),
    3,
    async (it) => (await sale.status(it)).position,
  );
  assert.deepEqual(
    positions,
    waiting.slice(1).map((_, index) => index + 1),
  );
  assert.equal((await sale.status(newcomer)).position, waiting.length);
  assert.equal((await sale.status(shopper)).status, "ACTIVE");
  assert.equal((await sale.status(payer)).status, "ENDED");
  const reasons = await mapConcurrently(gone, 2, async (it) => (await sale.status(it)).endedReason);
  assert.deepEqual(reasons, ["PAID", "LEFT"]);
  await sweep(deployment.sql);
};
