import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import { refused, succeeded, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { ownPostgres } from "#test/support/own-postgres.ts";
import { dateIn, openSale, type Fan, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";
import { assertInTime, quantile, applyLoad, latencyMs } from "#test/support/load.ts";

// Goal: no connection is free, neither in the instance's own pool nor in PostgreSQL itself. Polls are
// answered; other requests get 503 in time, and work again once there are connections.

const postgres = await ownPostgres();
const deployment = await startDeployment({ instances: 1, env: { PG_CONNECTIONS: "8" } });
after(async () => {
  await deployment[Symbol.asyncDispose]();
  await postgres.stop();
});
const sale = openSale(deployment);
const { call } = deployment.client;
const day = dateIn(20);
const { concertId } = await sale.onSale({ dates: [{ date: day }], policy: { maxActive: 5 } });
const active = await sale.allAdmitted(await sale.fans(5, { balance: 5000 }), concertId);
const waiting = await Promise.all((await sale.fans(10)).map((fan) => sale.placed(fan, concertId)));
const of = <T>(all: readonly T[], turn: number): T => all[turn % all.length] as T;

const balance = ({ userId, accessToken }: Fan): Promise<Answer> =>
  call({ path: `/api/v1/users/${userId}/balance`, token: accessToken });
const payments = ({ userId, accessToken }: Fan): Promise<Answer> =>
  call({ path: `/api/v1/users/${userId}/payments`, token: accessToken });
const recovered = (fan: Fan) =>
  eventually("charges go again", async () => {
    const answer = await sale.charge(fan, 1);
    return answer.status === 201 || undefined;
  });
const ask = (turn: number): Promise<Answer> => {
  if (turn % 2 === 0) return sale.poll(of(waiting, turn));
  const fan = of(active, turn);
  return turn % 4 === 1 ? balance(fan) : payments(fan);
};

const load = { perSecond: 80, send: ask };
const pollsOf = (answers: readonly Answer[]): readonly Answer[] =>
  answers.filter((it) => it.asked.path.endsWith("/me"));
const pollMsOf = (answers: readonly Answer[]): number =>
  quantile(pollsOf(answers).map(latencyMs), 0.95);

// The same load on the same machine while nothing is wrong: what a poll takes here, however slow that is.
const calm = await applyLoad(deployment, { ...load, durationMs: 2000 });
const calmPollMs = pollMsOf(calm.answers);
/** A poll that waited for a connection would take seconds longer than a calm one. */
const pollMsMax = 500 + 20 * calmPollMs;

const judge = (answers: readonly Answer[]): { refusedCount: number; pollMs: number } => {
  const polls = pollsOf(answers);
  for (const poll of polls) assert.equal(succeeded<QueueStatus>(poll, 200).status, "WAITING");
  const rest = answers.filter((it) => !polls.includes(it));
  for (const answer of rest) {
    assertInTime(answer);
    if (answer.status !== 200) refused(answer, "UNAVAILABLE");
  }
  return {
    refusedCount: rest.filter((it) => it.status === 503).length,
    pollMs: pollMsOf(answers),
  };
};

/** Asks as an operator, one call after the other, until it is told to end. */
const operate = (): (() => Promise<readonly Answer[]>) => {
  const answers: Answer[] = [];
  let isOver = false;
  const paths = ["/concerts", `/concerts/${concertId}/sales`, "/audit"];
  const ended = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      answers.push(await sale.admin("GET", of(paths, turn)));
      await sleep(50);
    }
  })();
  return async () => {
    isOver = true;
    await ended;
    return answers;
  };
};

test("every connection of the pool stuck behind a lock: 503 in time, polls and operators go on, and it comes back", async (t) => {
  const stuck = await deployment.lock("lock table wallet in access exclusive mode", []);
  const stopOperating = operate();
  const { answers, inFlightMax } = await applyLoad(deployment, { ...load, durationMs: 5000 });
  const operators = await stopOperating();
  await stuck.release();
  assert.ok(operators.length >= 3, "was every path asked?");
  for (const answer of operators) succeeded(answer, 200);
  const { tookMs: backMs } = await recovered(active[0] as Fan);
  const { refusedCount, pollMs } = judge(answers);
  t.diagnostic(
    `${refusedCount} refused; polls p95 ${Math.round(pollMs)} ms, calm ${Math.round(calmPollMs)} ms; in flight at most ${inFlightMax}; back in ${Math.round(backMs)} ms`,
  );
  assert.ok(refusedCount > 40, "was the pool exhausted?");
  assert.ok(pollMs < pollMsMax, `polls took ${pollMs} ms, calm ones ${calmPollMs} ms`);
  assert.ok(inFlightMax <= 150, `${inFlightMax} in flight`);
  await sweep(deployment.sql);
});

const others = "pid <> pg_backend_pid() and backend_type = 'client backend'";

/**
 * Takes every connection of PostgreSQL, those of the servers too, and keeps them until the returned function
 * is called. A connection that ends frees its slot a moment after pg_stat_activity has forgotten it, and a
 * server may be the one that gets it: so it goes on taking until the end.
 */
const occupy = async (): Promise<() => Promise<void>> => {
  const held: pg.Client[] = [];
  const take = async (): Promise<boolean> => {
    const client = new pg.Client({
      connectionString: deployment.databaseUrl,
      application_name: "greedy",
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      held.push(client);
      return true;
    } catch {
      return false;
    }
  };
  /** Whether there was no connection to take, and no server had one. */
  const takeAll = async (): Promise<boolean> => {
    // One after the other: each refused try costs PostgreSQL a process, and many at once would be the load that is judged.
    while (await take());
    const boss = held[0] ?? assert.fail();
    const { rows } = await boss.query<{ ours: number }>(
      `select count(pg_terminate_backend(pid))::int as ours from pg_stat_activity
       where ${others} and application_name = 'frontrow'`,
    );
    return rows[0]?.ours === 0;
  };
  await eventually("every connection is taken", async () => (await takeAll()) || undefined);
  let isOver = false;
  const guard = (async () => {
    while (!isOver) {
      await takeAll();
      await sleep(50);
    }
  })();
  return async () => {
    isOver = true;
    await guard;
    await Promise.all(held.map((client) => client.end()));
  };
};

test("every connection of PostgreSQL taken by other clients: 503 in time, polls go on, and it comes back", async (t) => {
  const giveBack = await occupy();
  const { answers, inFlightMax } = await applyLoad(deployment, { ...load, durationMs: 3000 });
  await giveBack();
  const { tookMs: backMs } = await recovered(active[0] as Fan);
  const { refusedCount, pollMs } = judge(answers);
  t.diagnostic(
    `${refusedCount} refused; polls p95 ${Math.round(pollMs)} ms, calm ${Math.round(calmPollMs)} ms; in flight at most ${inFlightMax}; back in ${Math.round(backMs)} ms`,
  );
  assert.ok(refusedCount > 60, "were the connections taken?");
  assert.ok(pollMs < pollMsMax, `polls took ${pollMs} ms, calm ones ${calmPollMs} ms`);
  assert.ok(inFlightMax <= 150, `${inFlightMax} in flight`);
  await sweep(deployment.sql);
});
