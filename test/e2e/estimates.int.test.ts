import assert from "node:assert/strict";
import { after, test } from "node:test";
import { succeeded } from "#test/support/client.ts";
import { eventually, mapConcurrently } from "#test/support/concurrency.ts";
import { openEvents } from "#test/support/events.ts";
import { openSale, type Placed, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";

// The wait that a user is told in the first minute of a sale, by poll, by stream and in the console.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const [, second] = deployment.instances as [Instance, Instance];

interface Expected extends QueueStatus {
  readonly estimatedWaitSeconds: number | null;
  readonly estimatedWaitRange: { readonly p50: number; readonly p90: number } | null;
  readonly seatsLikely: string | null;
}

interface Forecast {
  readonly ends: string;
  readonly lastWaitSeconds: number | null;
  readonly lastWaitP90Seconds: number | null;
}

/** A sale of 50 seats with one slot, which a user has just taken, and the users behind. */
const queueOf = async (waiting: number) => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
  await sale.admitted(await sale.fan(), concertId);
  const fans = await sale.fans(waiting);
  const places: Placed[] = [];
  for (const fan of fans) places.push(await sale.placed(fan, concertId));
  return { concertId, places };
};

const pollOn = async (place: Placed, on: number): Promise<Expected> =>
  succeeded<Expected>(await sale.poll(place, on), 200);

const forecastOf = async (concertId: string): Promise<Forecast> => {
  const path = `/concerts/${concertId}/policy/preview`;
  return succeeded<{ now: Forecast }>(await sale.admin("POST", path, {}), 200).now;
};

test("behind the only buyer, a user is told minutes from the first one on, the same on each instance", async () => {
  const { concertId, places } = await queueOf(5);
  const fifth = places[4];
  assert.ok(fifth);
  // An instance may answer by a forecast that is half a second old, from when fewer users waited.
  const near = (a: number | null | undefined, b: number | null | undefined): boolean =>
    Math.abs((a ?? 0) - (b ?? 0)) < 0.1 * (b ?? 0);
  await eventually("one wait on both instances and in the console", async () => {
    const polls = await mapConcurrently([0, 1], 2, (on) => pollOn(fifth, on));
    for (const { position, estimatedWaitSeconds, estimatedWaitRange, seatsLikely } of polls) {
      assert.deepEqual([position, seatsLikely], [5, "likely"]);
      assert.ok(estimatedWaitRange && estimatedWaitSeconds === estimatedWaitRange.p50);
      assert.ok(estimatedWaitRange.p50 > 300, `p50 is ${estimatedWaitRange.p50} s`);
      assert.ok(estimatedWaitRange.p90 > 600, `p90 is ${estimatedWaitRange.p90} s`);
    }
    const { ends, lastWaitSeconds, lastWaitP90Seconds } = await forecastOf(concertId);
    assert.equal(ends, "LINE_EMPTY");
    const areNear = polls.every(
      ({ estimatedWaitRange: fan }) =>
        near(lastWaitSeconds, fan?.p50) && near(lastWaitP90Seconds, fan?.p90),
    );
    return areNear || undefined;
  });
});

test("a user behind more users than 50 seats can serve is told so by poll and stream, and no wait", async () => {
  const { concertId, places } = await queueOf(120);
  const last = places.at(-1);
  assert.ok(last);
  const poll = await pollOn(last, 0);
  assert.deepEqual([poll.position, poll.seatsLikely], [120, "unlikely"]);
  assert.deepEqual([poll.estimatedWaitSeconds, poll.estimatedWaitRange], [null, null]);
  const stream = await openEvents(second, last);
  const event = await stream.until("the first status", ({ name }) => name === "status");
  assert.equal((JSON.parse(event.text) as Expected).seatsLikely, "unlikely");
  stream.destroy();
  const { ends, lastWaitSeconds } = await forecastOf(concertId);
  assert.deepEqual([ends, lastWaitSeconds], ["SOLD_OUT", null]);
});
