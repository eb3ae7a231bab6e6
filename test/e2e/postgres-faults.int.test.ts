import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { assertInTime } from "#test/support/load.ts";
import { refused, succeeded, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, type Fan, type Placed, type Reservation } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import {
  eventually,
  mapConcurrently,
  inBackground,
  sleep,
  race,
  times,
} from "#test/support/concurrency.ts";

// Goal: with the database frozen, cut off or killing its sessions, answers come in time and are
// honest: a refusal changed nothing, and asking again with the same key tells what happened.

const deployment = await startDeployment({ instances: 3, proxies: true });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const proxy = deployment.proxies?.postgres as NonNullable<typeof deployment.proxies>["postgres"];
const day = dateIn(20);

const inTime = async (asking: Promise<Answer>): Promise<Answer> => assertInTime(await asking);

const setting = async (count: number) => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const places = await sale.allAdmitted(await sale.fans(count, { balance: 5000 }), concertId);
  return { concertId, places };
};

const recovered = async (fan: Fan): Promise<void> => {
  await Promise.all(
    deployment.instances.map(({ index }) =>
      eventually(`instance ${index} charges again`, async () => {
        const answer = await inTime(sale.charge(fan, 1, { on: index }));
        return answer.status === 201 || undefined;
      }),
    ),
  );
};

for (const [name, strike] of [
  ["frozen", () => proxy.freeze()],
  ["cut off", () => proxy.cut()],
] as const)
  test(`PostgreSQL ${name}: 503 with Retry-After in time, nothing piles up, back by itself, and every key has one effect`, async () => {
    const { places } = await setting(12);
    const [first] = places as [Placed, ...Placed[]];
    const held = await sale.reserved(first, { date: day, seatNumbers: [50] });
    const keys = places.map(() => randomUUID());
    const paying = randomUUID();
    const reserve = (place: Placed, index: number): Promise<Answer> =>
      sale.reserve(
        place,
        { date: day, seatNumbers: [index + 1] },
        { key: keys[index] ?? "", on: index % 3 },
      );
    strike();
    const others = places.slice(1);
    const during = await Promise.all([
      ...others.map((place, index) => inTime(reserve(place, index + 1))),
      inTime(sale.pay(first, held.reservationId, { key: paying })),
      ...times(30, (index) => inTime(sale.charge(first, 5, { on: index % 3 }))),
    ]);
    for (const answer of during) refused(answer, "UNAVAILABLE");
    proxy.heal();
    await recovered(first);
    for (const [index, place] of others.entries()) succeeded(await reserve(place, index + 1), 201);
    succeeded(await sale.pay(first, held.reservationId, { key: paying }), 201);
    await sweep(deployment.sql);
  });

test("a frozen database's late answers have no effect that its client does not know", async () => {
  const fans = await sale.fans(9);
  const keys = fans.map(() => randomUUID());
  const charge = (fan: Fan, index: number): Promise<Answer> =>
    sale.charge(fan, 100, { key: keys[index] ?? "", on: index % 3 });
  const running = Promise.all(
    fans.map(async (fan, index) => {
      await sleep(index * 3);
      return inTime(charge(fan, index));
    }),
  );
  await sleep(12);
  proxy.freeze();
  await running;
  proxy.heal();
  await recovered(fans[0] as Fan);
  for (const [index, fan] of fans.entries()) {
    await eventually("the key tells", async () => {
      const answer = await charge(fan, index);
      if (answer.status === 409) refused(answer, "IDEMPOTENCY_IN_PROGRESS");
      return answer.status === 201 || undefined;
    });
    const extra = index === 0 ? 3 : 0;
    assert.ok([100, 100 + extra].includes(await sale.balanceOf(fan)));
  }
  await sweep(deployment.sql);
});

/** Ends all sessions of this deployment's servers, as an administrator or a crash would. */
const endSessions = async (): Promise<number> => {
  const rows = await deployment.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name <> 'proof'`,
  );
  return rows.length;
};

test("database sessions killed again and again under load: each key has one effect, none is lost", async () => {
  const { places } = await setting(40);
  let killed = 0;
  const strikesEndMs = performance.now() + 5000;
  await using strikes = inBackground(120, async () => {
    if (performance.now() < strikesEndMs) killed += await endSessions().catch(() => 0);
  });
  const retry = async (ask: () => Promise<Answer>): Promise<Answer> => {
    const deadlineMs = performance.now() + 60_000;
    for (;;) {
      const answer = await inTime(ask());
      const again = answer.status === 503 || verdict(answer) === "409 IDEMPOTENCY_IN_PROGRESS";
      if (!again || performance.now() > deadlineMs) return answer;
      await sleep(60);
    }
  };
  const paid = await mapConcurrently(places, 20, async (place, index) => {
    const [charging, reserving, paying] = times(3, () => randomUUID()) as [string, string, string];
    succeeded(await retry(() => sale.charge(place, 70, { key: charging })), 201);
    const wanted = { date: day, seatNumbers: [index + 1] };
    const held = succeeded<Reservation>(
      await retry(() => sale.reserve(place, wanted, { key: reserving })),
      201,
    );
    return retry(() => sale.pay(place, held.reservationId, { key: paying }));
  });
  await strikes.stop();
  assert.ok(killed > 20, `only ${killed} sessions were killed`);
  for (const answer of paid) succeeded(answer, 201);
  for (const place of places) assert.equal(await sale.balanceOf(place), 5000 + 70 - 1000);
  await sweep(deployment.sql);
});

test("one stuck row makes only its own commands wait", async () => {
  const { places } = await setting(20);
  const stuck = places[0] as Placed;
  const rows = `select 1 from wallet, seat where user_id = $1 and concert_id = $2
    and seat_number = 1 for update`;
  await using lock = await deployment.lock(rows, [stuck.userId, stuck.concertId]);
  let areStuck = true;
  const waiting = [
    sale.charge(stuck, 5, { on: 0 }),
    sale.reserve(stuck, { date: day, seatNumbers: [1] }, { on: 1 }),
  ].map((asking) => inTime(asking).finally(() => (areStuck = false)));
  await sleep(50);
  const others = await race(
    places
      .slice(1)
      .flatMap((place, index) => [
        () => sale.reserve(place, { date: day, seatNumbers: [index + 2] }, { on: index % 3 }),
        () => sale.charge(place, 5, { on: (index + 1) % 3 }),
      ]),
  );
  for (const answer of others) succeeded(answer, 201);
  assert.ok(areStuck, "another user waited for the stuck row");
  for (const answer of await Promise.all(waiting)) refused(answer, "UNAVAILABLE");
  await lock.release();
  succeeded(await sale.charge(stuck, 5), 201);
  succeeded(await sale.reserve(stuck, { date: day, seatNumbers: [1] }), 201);
  await sweep(deployment.sql);
});
