import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { ownPostgres } from "#test/support/own-postgres.ts";
import { dateIn, openSale, type Fan, type Placed, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";
import { assertInTime, quantile, applyLoad, latencyMs } from "#test/support/load.ts";
import { suspend, resume } from "#test/support/processes.ts";

// Goal: every process of PostgreSQL stands still under load. Polls go on, other requests get 503 in time,
// nothing piles up, and normal service comes back.

const postgres = await ownPostgres();
const deployment = await startDeployment({ instances: 2 });
after(async () => {
  resume(postgres.pid);
  await deployment[Symbol.asyncDispose]();
  await postgres.stop();
});
const sale = openSale(deployment);
const { call } = deployment.client;
const day = dateIn(20);
const heapGrowthMaxBytes = 48 * 1024 * 1024;

const { concertId } = await sale.onSale({ dates: [{ date: day }], policy: { maxActive: 10 } });
const active = await sale.allAdmitted(await sale.fans(10, { balance: 50_000 }), concertId);
const waiting = await Promise.all((await sale.fans(20)).map((fan) => sale.placed(fan, concertId)));
const of = <T>(all: readonly T[], turn: number): T => all[turn % all.length] as T;

const recovered = async (fan: Fan): Promise<number> => {
  const times = await Promise.all(
    deployment.instances.map(({ index }) =>
      eventually(`instance ${index} charges again`, async () => {
        const answer = await sale.charge(fan, 1, { on: index });
        return answer.status === 201 || undefined;
      }),
    ),
  );
  return Math.max(...times.map((it) => it.tookMs));
};

test("PostgreSQL frozen under load: polls go on, the rest is 503 in time, nothing piles up, and it comes back", async (t) => {
  const charges: { fan: Fan; key: string; turn: number }[] = [];
  const seats = `/api/v1/concerts/${concertId}/dates/${day}/seats`;
  const kinds: ((turn: number) => Promise<Answer>)[] = [
    (turn) => {
      const fan = of(active, turn);
      const key = randomUUID();
      charges.push({ fan, key, turn });
      return sale.charge(fan, 10, { key });
    },
    (turn) => sale.reserve(of(active, turn), { date: day, seatNumbers: [(turn % 50) + 1] }),
    (turn) => call({ path: seats, token: of(active, turn).queueToken }),
    (turn) => {
      const { userId, accessToken } = of(active, turn);
      return call({ path: `/api/v1/users/${userId}/balance`, token: accessToken });
    },
  ];
  // Three of four ask where they stand, as in a real queue; the fourth wants the database.
  const ask = (turn: number): Promise<Answer> =>
    turn % 4 === 3 ? of(kinds, (turn - 3) / 4)(turn) : sale.poll(of(waiting, turn));

  const calm = await applyLoad(deployment, {
    perSecond: 120,
    durationMs: 1500,
    send: (turn) => sale.poll(of(waiting, turn)),
  });
  suspend(postgres.pid);
  const during = await applyLoad(deployment, { perSecond: 160, durationMs: 8000, send: ask });
  resume(postgres.pid);
  const backMs = await recovered(active[0] as Fan);

  during.answers.forEach(assertInTime);
  const polls = during.answers.filter((it) => it.asked.path.endsWith("/tokens/me"));
  for (const poll of polls) {
    const { status, queueState } = succeeded<QueueStatus>(poll, 200);
    assert.deepEqual([status, queueState], ["WAITING", "OPEN"]);
  }
  const rest = during.answers.filter((it) => !it.asked.path.endsWith("/tokens/me"));
  for (const answer of rest) if (answer.status !== 200) refused(answer, "UNAVAILABLE");
  assert.ok(rest.filter((it) => it.status === 503).length > rest.length / 2, "was it frozen?");

  const pollTimes = polls.map(latencyMs);
  t.diagnostic(
    `polls p50 ${Math.round(quantile(pollTimes, 0.5))} p99 ${Math.round(quantile(pollTimes, 0.99))} ms ` +
      `(calm p99 ${Math.round(quantile(calm.answers.map(latencyMs), 0.99))}); the rest at most ` +
      `${Math.round(Math.max(...rest.map(latencyMs)))} ms; in flight at most ${during.inFlightMax}; heap ` +
      `${Math.round(during.heapFirstBytes / 1e6)} to ${Math.round(during.heapMaxBytes / 1e6)} MB; back in ${Math.round(backMs)} ms`,
  );
  const calmMs = quantile(calm.answers.map(latencyMs), 0.95);
  assert.ok(quantile(pollTimes, 0.95) < 500 + 20 * calmMs, "polls wait for the database");
  // 20 a second and instance want the database and wait for it up to 3 s; a poll does not wait.
  assert.ok(during.inFlightMax <= 100, `${during.inFlightMax} in flight`);
  assert.ok(during.heapMaxBytes - during.heapFirstBytes < heapGrowthMaxBytes, "memory is not flat");

  for (const { fan, key } of charges) {
    await eventually("the key tells", async () => {
      const answer = await sale.charge(fan, 10, { key });
      if (answer.status === 409) refused(answer, "IDEMPOTENCY_IN_PROGRESS");
      return answer.status === 201 || undefined;
    });
  }
  const mine = (fan: Fan): number =>
    charges.filter((it) => it.fan.userId === fan.userId).length * 10;
  for (const fan of active.slice(1)) assert.equal(await sale.balanceOf(fan), 50_000 + mine(fan));
  await sweep(deployment.sql);
});

test("while PostgreSQL is frozen every instance stays ready, and says that PostgreSQL is not ok", async () => {
  const readyz = async (url: string) => {
    const answer = await fetch(`${url}/readyz`);
    const { checks } = (await answer.json()) as { checks: Record<string, string> };
    return { status: answer.status, checks };
  };
  suspend(postgres.pid);
  const seen = await Promise.all(
    deployment.instances.map(({ url }) =>
      eventually("the check notices", async () => {
        const answer = await readyz(url);
        return answer.checks["postgres"] === "ok" ? undefined : answer;
      }),
    ),
  ).finally(() => resume(postgres.pid));
  for (const { value } of seen) {
    assert.equal(value.status, 200);
    assert.match(value.checks["postgres"] ?? "", /^(slow|away)$/);
    assert.equal(value.checks["redis"], "ok");
  }
  for (const { url } of deployment.instances)
    await eventually("PostgreSQL is ok again", async () =>
      (await readyz(url)).checks["postgres"] === "ok" ? true : undefined,
    );
});

test("a slot that becomes free while the stock is unknown stays free until the stock is known", async () => {
  const policy = { maxActive: 1, sessionSeconds: 3 };
  const queue = await sale.onSale({ dates: [{ date: day }], policy });
  const first = await sale.admitted(await sale.fan(), queue.concertId);
  const next = await sale.placed(await sale.fan(), queue.concertId);
  suspend(postgres.pid);
  await eventually("the first one's slot has lapsed", async () => {
    const answer = await sale.poll(first);
    return answer.status === 503 || (answer.body as QueueStatus).status === "ENDED" || undefined;
  });
  await sleep(1500);
  const during = await sale.status(next);
  resume(postgres.pid);
  assert.equal(during.status, "WAITING");
  await eventually("the next one is ACTIVE", async () => {
    return (await sale.status(next)).status === "ACTIVE" || undefined;
  });
});

test("a user whose token says ACTIVE waits for the seats while PostgreSQL is frozen, and gets them afterwards", async () => {
  const place = active[1] as Placed;
  suspend(postgres.pid);
  const answer = await sale.reserve(place, { date: day, seatNumbers: [33] });
  resume(postgres.pid);
  refused(answer, "UNAVAILABLE");
  assertInTime(answer);
  await recovered(place);
  const held = await eventually("a seat is held", async () => {
    const again = await sale.reserve(place, { date: day, seatNumbers: [34] });
    return again.status === 201 || again.status === 409 || undefined;
  });
  assert.ok(held.value);
  await sweep(deployment.sql);
});
