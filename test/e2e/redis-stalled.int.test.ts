import assert from "node:assert/strict";
import { after, test } from "node:test";
import { refused, succeeded, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, type Placed, type Reservation } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, isOverloaded } from "#test/support/concurrency.ts";
import { assertInTime, quantile, applyLoad, latencyMs } from "#test/support/load.ts";
import { suspend, resume } from "#test/support/processes.ts";

// Goal: Redis stands still while a crowd goes on asking for its places. Each request gets 503 soon,
// nothing piles up, whose turn it is buys on, and the queue goes on by itself as it stood.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const day = dateIn(20);
const heapGrowthMaxBytes = 48 * 1024 * 1024;
const of = <T>(all: readonly T[], turn: number): T => all[turn % all.length] as T;

test("Redis frozen under load: answers come soon, ACTIVE users buy on, nothing piles up, the queue keeps its order", async (t) => {
  const policy = { maxActive: 10 };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const active = await sale.allAdmitted(await sale.fans(10, { balance: 50_000 }), concertId);
  const fans = await sale.fans(20);
  const waiting: Placed[] = [];
  for (const fan of fans) waiting.push(await sale.placed(fan, concertId));
  const newcomers = await sale.fans(20);
  const positions = async (): Promise<(number | null)[]> =>
    (await Promise.all(waiting.map((it) => sale.status(it)))).map((it) => it.position);
  const before = await positions();

  let buying = 0;
  const buy = async (place: Placed): Promise<Answer> => {
    const seat = (buying += 1);
    const held = await sale.reserve(place, { date: day, seatNumbers: [seat] });
    if (held.status !== 201) return held;
    return sale.pay(place, (held.body as Reservation).reservationId);
  };
  const purchases: Promise<Answer>[] = [];
  const ask = (turn: number): Promise<Answer> => {
    if (turn % 100 === 50 && purchases.length < active.length)
      purchases.push(buy(of(active, purchases.length)));
    return turn % 4 === 3
      ? sale.join(of(newcomers, turn), concertId)
      : sale.poll(of(waiting, turn));
  };
  const calm = await applyLoad(deployment, {
    perSecond: 120,
    durationMs: 1000,
    send: (turn) => sale.poll(of(waiting, turn)),
  });
  const calmMs = quantile(calm.answers.map(latencyMs), 0.95);
  suspend(deployment.redis.pid);
  const frozenMs = performance.now();
  const during = await applyLoad(deployment, { perSecond: 160, durationMs: 6000, send: ask });
  const bought = await Promise.all(purchases);
  resume(deployment.redis.pid);
  const { tookMs: backMs } = await eventually("the queue answers", async () => {
    const polls = await Promise.all(
      deployment.instances.map(({ index }) => sale.poll(waiting[0] as Placed, index)),
    );
    return polls.every((it) => it.status === 200) || undefined;
  });

  for (const answer of during.answers) refused(answer, "UNAVAILABLE");
  const times = during.answers.map(latencyMs);
  t.diagnostic(
    `503 p50 ${Math.round(quantile(times, 0.5))} p99 ${Math.round(quantile(times, 0.99))} most ` +
      `${Math.round(Math.max(...times))} ms; in flight at most ${during.inFlightMax}; heap ` +
      `${Math.round(during.heapFirstBytes / 1e6)} to ${Math.round(during.heapMaxBytes / 1e6)} MB; ` +
      `${bought.length} came to buy meanwhile; back in ${Math.round(backMs)} ms`,
  );
  during.answers.forEach(assertInTime);
  // Each instance waits for it once; from then on no request does.
  const later = during.answers.filter((it) => it.sentMs > frozenMs + 1500).map(latencyMs);
  assert.ok(
    quantile(later, 0.95) < 500 + 20 * calmMs,
    "requests wait for a store that does not answer",
  );
  // 80 a second and instance: if each waited for as long as an answer may take, it would be 240.
  assert.ok(during.inFlightMax <= 150, `${during.inFlightMax} in flight`);
  assert.ok(during.heapMaxBytes - during.heapFirstBytes < heapGrowthMaxBytes, "memory is not flat");
  bought.forEach(assertInTime);
  // A crowded machine may shed some.
  const sold = isOverloaded() ? bought.filter((it) => it.status !== 503) : bought;
  for (const answer of sold) succeeded(answer, 201);
  assert.ok(sold.length >= (isOverloaded() ? 1 : 5));

  // Those who have paid leave their slots to the first in the queue; no user has overtaken another.
  const afterwards = await positions();
  for (const [index, position] of afterwards.entries())
    assert.ok(position === null || position <= (before[index] ?? 0), `${index} fell back`);
  for (const fan of newcomers) succeeded(await sale.join(fan, concertId));
  await eventually("those who have paid are out, others are in", async () => {
    const statuses = await Promise.all(waiting.map((it) => sale.status(it)));
    return statuses.filter((it) => it.status === "ACTIVE").length >= sold.length || undefined;
  });
  await sweep(deployment.sql);
});
