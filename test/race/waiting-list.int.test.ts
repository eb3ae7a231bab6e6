import assert from "node:assert/strict";
import { after, test } from "node:test";
import { succeeded } from "#test/support/client.ts";
import { isStatus, openEvents } from "#test/support/events.ts";
import { sweep } from "#test/support/invariants.ts";
import { openSale, type Placed, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";
import { eventually, mapConcurrently, sleep, times } from "#test/support/concurrency.ts";
import { admittedUsers, saleWithList, usersOnList } from "#test/support/waiting-list.ts";
import { oneASeat } from "./checkers.ts";

// Many seats come back at once to a waiting list on three instances. Control: checkers.test.ts.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const isActive = isStatus(({ status }) => status === "ACTIVE");

test("as many users are admitted from the list as seats come back, in order, though each takes a seat at once", async () => {
  const list = await saleWithList(sale, { claimSeconds: 300 });
  const places = await usersOnList(sale, list, 30);
  const bursts = [times(10, (n) => n + 1), times(5, (n) => n + 11), times(3, (n) => n + 16)];
  const seats = bursts.flat();
  /** Listens until admitted, and buys one seat at once, while the other instances still know the stock of before. */
  const buy = async (place: Placed, index: number): Promise<void> => {
    const stream = await openEvents(deployment.instances[index % 3] as Instance, place);
    const turn = await stream.until("the turn", isActive, 240_000);
    stream.destroy();
    const mine = { ...place, queueToken: (JSON.parse(turn.text) as QueueStatus).token };
    const wanted = { date: list.date, seatNumbers: [seats[index] ?? assert.fail()] };
    const { value: held } = await eventually("the seat is free on this instance", async () => {
      const answer = await sale.reserve(mine, wanted, { on: index % 3 });
      return answer.status === 201 ? (answer.body as { reservationId: string }) : undefined;
    });
    // Some pay at once, others keep the hold.
    if (index % 2 === 0) succeeded(await sale.pay(mine, held.reservationId), 201);
  };
  const buyers = mapConcurrently(places.slice(0, seats.length), 30, buy);
  const others = places.slice(seats.length);
  let given = 0;
  for (const burst of bursts) {
    await list.giveBack(burst);
    given += burst.length;
    await eventually(
      "each seat has its user",
      async () =>
        (await admittedUsers(deployment.sql, list.concertId)).length >= given ? true : undefined,
      200,
      240_000,
    );
  }
  await buyers;
  // Longer than any instance may know an older stock.
  for (let n = 0; n < 4; n += 1) {
    await mapConcurrently(others, 12, (place) => sale.status(place));
    await sleep(1_000);
  }
  const admitted = await admittedUsers(deployment.sql, list.concertId);
  const order = places.map(({ userId }) => userId);
  assert.deepEqual(oneASeat(admitted, order, seats.length), []);
  assert.deepEqual(
    await Promise.all(others.map(async (place) => (await sale.status(place)).position)),
    others.map((_, index) => index + 1),
  );
  await sweep(deployment.sql);
});
