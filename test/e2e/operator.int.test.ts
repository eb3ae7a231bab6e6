import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { codeOf, refused, succeeded, type Members } from "#test/support/client.ts";
import { stateDigest, sweep } from "#test/support/invariants.ts";
import { dateIn, openDoors, openSale, type Placed, type Reservation } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";

// A setting of an operator is in force within a second on every instance, and is on record.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;
const day = dateIn(20);

const setPolicy = async (concertId: string, policy: Members): Promise<void> => {
  succeeded(await sale.admin("PATCH", `/concerts/${concertId}/policy`, policy), 200);
};
const turn = async (concertId: string, what: string, body?: unknown): Promise<void> => {
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/${what}`, body), 200);
};
const queueOf = async (concertId: string, on?: number): Promise<Members> =>
  succeeded(
    await call({
      path: `/api/v1/concerts/${concertId}/queue`,
      ...(on === undefined ? {} : { on }),
    }),
    200,
  );
const everywhere = async (
  readConcert: (on: number) => Promise<boolean>,
): Promise<true | undefined> => {
  const seen = await Promise.all(deployment.instances.map((it) => readConcert(it.index)));
  return seen.every(Boolean) || undefined;
};
const statusesOf = async (places: readonly Placed[]): Promise<string[]> =>
  (await Promise.all(places.map((it) => sale.status(it)))).map((it) => it.status);

test("a concert is made with seats 1 to 50 for every date and the default policy", async () => {
  const dates = [{ date: day }, { date: dateIn(21) }];
  const made = succeeded(
    await sale.admin("POST", "/concerts", { title: "Defaults", dates, price: 7 }),
    201,
  );
  const concertId = String(made["concertId"]);
  const queue = await queueOf(concertId);
  assert.deepEqual(
    [queue["state"], queue["mode"], queue["admissionsPerMinute"], queue["seatsTotal"]],
    ["OPEN", "fifo", 600, 100],
  );
  const held = await sale.reserved(await sale.admitted(await sale.fan(), concertId), {
    date: day,
    seatNumbers: [1, 2, 3, 4],
  });
  assert.equal(Date.parse(held.expiresAt) - Date.parse(held.heldAt), 300_000);
  assert.equal(held.amount, 28);
});

test("an invalid concert is refused and leaves nothing behind", async () => {
  const good = { title: "x", dates: [{ date: day }], price: 10 };
  const grade = (name: string, from: number, to: number, price = 5): Members => ({
    name,
    price,
    seats: [from, to],
  });
  const graded = (...grades: Members[]): Members => ({ title: "x", dates: good.dates, grades });
  const policies: Members[] = [
    ...Object.keys(openDoors).flatMap((field) =>
      [-1, 1.5, "5", null, 1e308].map((value) => ({ [field]: value })),
    ),
    ...["maxActive", "admissionsPerMinute", "holdSeconds", "claimSeconds", "sessionSeconds"].map(
      (field) => ({ [field]: 10_000_001 }),
    ),
    { holdSeconds: 0 },
    { maxSeatsPerReservation: 51 },
    { maxSeatsPerUser: 0 },
    { mode: "auction" },
    { mode: "lottery" },
    { opensAt: "yesterday" },
    { unknown: 1 },
  ];
  const bad: unknown[] = [
    {},
    { ...good, title: "" },
    { ...good, title: 5 },
    { ...good, dates: [] },
    { ...good, dates: [{ date: "2026-02-30" }] },
    { ...good, dates: [{ date: day }, { date: day }] },
    { ...good, dates: [{ date: day, startsAt: "noon" }] },
    { ...good, timeZone: "Mars/Olympus" },
    { ...good, price: 0 },
    { ...good, price: 1.5 },
    { ...good, price: -1 },
    { ...good, price: Number.MAX_SAFE_INTEGER },
    { ...good, grades: [grade("A", 1, 50)] },
    { title: "x", dates: good.dates },
    { ...good, seats: 60 },
    graded(),
    graded(grade("A", 1, 49)),
    graded(grade("A", 2, 50)),
    graded(grade("A", 1, 25), grade("B", 25, 50)),
    graded(grade("A", 1, 20), grade("B", 22, 50)),
    graded(grade("A", 50, 1)),
    graded(grade("A", 1, 51)),
    graded(grade("A", 1, 25), grade("A", 26, 50)),
    graded(grade("A", 1, 50, 0)),
    ...policies.map((policy) => ({ ...good, policy })),
  ];
  const before = await stateDigest(deployment.sql);
  for (const body of bad) {
    const answer = await sale.admin("POST", "/concerts", body);
    assert.equal(codeOf(answer), "INVALID_REQUEST", `${JSON.stringify(body)}: ${answer.text}`);
  }
  const made = await sale.onSale();
  const { concertId } = made;
  const placeStatus = await stateDigest(deployment.sql);
  assert.notEqual(placeStatus, before);
  for (const policy of [...policies, { holdSeconds: null }, { mode: "fifo", extra: 1 }]) {
    const answer = await sale.admin("PATCH", `/concerts/${concertId}/policy`, policy);
    assert.equal(codeOf(answer), "INVALID_REQUEST", `${JSON.stringify(policy)}: ${answer.text}`);
  }
  assert.equal(await stateDigest(deployment.sql), placeStatus);
});

test("the opening cannot be moved once the queue is open, and can before", async () => {
  const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
  const open = await sale.onSale();
  const answer = await sale.admin("PATCH", `/concerts/${open.concertId}/policy`, {
    opensAt: soon(5),
  });
  assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
  const early = await sale.onSale({ policy: { opensAt: soon(60) } });
  await setPolicy(early.concertId, { opensAt: new Date(Date.now() - 1000).toISOString() });
  await eventually("open on every instance", () =>
    everywhere(async (on) => (await queueOf(early.concertId, on))["state"] === "OPEN"),
  );
  await sale.admitted(await sale.fan(), early.concertId);
});

test("limits and hold times change within a second on every instance; running holds keep theirs", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const places = await sale.allAdmitted(await sale.fans(4), concertId);
  const [first, ...others] = places as [Placed, ...Placed[]];
  const held = await sale.reserved(first, { date: day, seatNumbers: [50] });
  await setPolicy(concertId, { maxSeatsPerReservation: 2, holdSeconds: 30 });
  await sleep(1000);
  for (const [on, place] of others.entries()) {
    const seat = on * 10 + 1;
    refused(
      await sale.reserve(place, { date: day, seatNumbers: [seat, seat + 1, seat + 2] }, { on }),
      "SEAT_LIMIT_EXCEEDED",
    );
    const made = succeeded<Reservation>(
      await sale.reserve(place, { date: day, seatNumbers: [seat, seat + 1] }, { on }),
      201,
    );
    assert.equal(Date.parse(made.expiresAt) - Date.parse(made.heldAt), 30_000);
  }
  const path = `/api/v1/reservations/${held.reservationId}`;
  const read = succeeded<Reservation>(await call({ path, token: first.accessToken }), 200);
  assert.equal(read.expiresAt, held.expiresAt);
});

test("a larger cap admits users within a second; a smaller one admits no user until it is met", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy: { maxActive: 1 } });
  const places: Placed[] = [];
  for (const fan of await sale.fans(6)) places.push(await sale.placed(fan, concertId));
  await eventually(
    "the first is in",
    async () => (await statusesOf(places))[0] === "ACTIVE" || undefined,
  );
  await setPolicy(concertId, { maxActive: 3 });
  await eventually("three are in", async () => {
    const active = (await statusesOf(places)).filter((it) => it === "ACTIVE");
    return active.length === 3 || undefined;
  });
  await setPolicy(concertId, { maxActive: 2 });
  await sleep(1000);
  succeeded(await sale.leave(places[0] as Placed), 204);
  await sleep(1500);
  assert.deepEqual((await statusesOf(places)).slice(1), [
    "ACTIVE",
    "ACTIVE",
    "WAITING",
    "WAITING",
    "WAITING",
  ]);
  succeeded(await sale.leave(places[1] as Placed), 204);
  await eventually(
    "the next is in",
    async () => (await statusesOf(places))[3] === "ACTIVE" || undefined,
  );
});

test("paused: no user is admitted, users may join and ACTIVE users go on; resumed: admission goes on", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const inside = await sale.admitted(await sale.fan({ balance: 1000 }), concertId);
  await turn(concertId, "pause");
  await eventually("paused on every instance", () =>
    everywhere(async (on) => (await queueOf(concertId, on))["state"] === "PAUSED"),
  );
  const waiting = await sale.placed(await sale.fan(), concertId);
  await sleep(1000);
  const status = await sale.status(waiting);
  assert.deepEqual(
    [status.status, status.queueState, status.position, status.ahead],
    ["WAITING", "PAUSED", 1, 0],
  );
  const held = await sale.reserved(inside, { date: day, seatNumbers: [1] });
  succeeded(await sale.pay(inside, held.reservationId), 201);
  await turn(concertId, "resume", {});
  await eventually(
    "admitted after resume",
    async () => (await sale.status(waiting)).status === "ACTIVE" || undefined,
  );
});

test("a ramp after a pause admits users slowly at first", async () => {
  const policy = { admissionsPerMinute: 1200 };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  await turn(concertId, "pause");
  await sleep(1000);
  const places = await Promise.all((await sale.fans(60)).map((fan) => sale.placed(fan, concertId)));
  await turn(concertId, "resume", { rampSeconds: 4 });
  await sleep(2000);
  const inside = (await statusesOf(places)).filter((it) => it === "ACTIVE").length;
  // At 20 a second without a ramp it were 40; the ramp's first half gives a quarter of four seconds' worth.
  assert.ok(inside >= 1 && inside <= 25, `${inside} after two seconds of the ramp`);
  for (const body of [{ rampSeconds: -1 }, { rampSeconds: "4" }, { rampSeconds: 1.5 }, { more: 1 }])
    refused(
      await sale.admin("POST", `/concerts/${concertId}/queue/resume`, body),
      "INVALID_REQUEST",
    );
});

test("closed: waiting places end, ACTIVE slots and holds go on, no user joins, and it is final", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy: { maxActive: 1 } });
  const inside = await sale.admitted(await sale.fan({ balance: 1000 }), concertId);
  const waiting = await sale.placed(await sale.fan(), concertId);
  const held = await sale.reserved(inside, { date: day, seatNumbers: [1] });
  await turn(concertId, "close");
  await eventually("waiting place ended", async () => {
    const { status, endedReason } = await sale.status(waiting);
    return (status === "ENDED" && endedReason === "CLOSED") || undefined;
  });
  await eventually("closed on every instance", () =>
    everywhere(async (on) => (await queueOf(concertId, on))["state"] === "CLOSED"),
  );
  assert.equal((await sale.status(inside)).status, "ACTIVE");
  succeeded(await sale.pay(inside, held.reservationId), 201);
  refused(await sale.join(await sale.fan(), concertId), "QUEUE_NOT_OPEN");
  refused(await sale.reserve(waiting, { date: day, seatNumbers: [2] }), "QUEUE_TOKEN_ENDED");
  const reopened = await sale.admin("POST", `/concerts/${concertId}/queue/resume`, {});
  await sleep(1000);
  assert.equal((await queueOf(concertId))["state"], "CLOSED", reopened.text);
  await turn(concertId, "close");
});

test("live figures add up", async () => {
  const { concertId } = await sale.onSale({
    dates: [{ date: day }],
    price: 400,
    policy: { maxActive: 3 },
  });
  const places = await sale.allAdmitted(await sale.fans(3, { balance: 1000 }), concertId);
  for (const [index, place] of places.entries())
    await sale.reserved(place, { date: day, seatNumbers: [index + 1] });
  const first = places[0] as Placed;
  const list = { path: `/api/v1/users/${first.userId}/reservations`, token: first.accessToken };
  const [row] = succeeded<{ items: Reservation[] }>(await call(list), 200).items;
  succeeded(await sale.pay(first, row?.reservationId ?? ""), 201);
  await Promise.all((await sale.fans(3)).map((fan) => sale.placed(fan, concertId)));
  const { value: stats } = await eventually("figures", async () => {
    const found = succeeded(await sale.admin("GET", `/concerts/${concertId}/stats`), 200);
    return found["waiting"] === 2 && found["active"] === 3 ? found : undefined;
  });
  const text = JSON.stringify(stats);
  for (const word of ["held", "sold", "revenue", "dmissions"])
    assert.ok(text.toLowerCase().includes(word.toLowerCase()), `${word} in ${text}`);
  assert.match(text, /"revenue":"?400"?/);
});

test("the audit trail has operator, time, old and new value of each change, newest first", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy: { maxActive: 7 } });
  await setPolicy(concertId, { maxActive: 9 });
  await turn(concertId, "pause");
  await turn(concertId, "resume", { rampSeconds: 3 });
  await turn(concertId, "close");
  const page = succeeded<{ items: Members[]; nextCursor: string | null }>(
    await sale.admin("GET", "/audit?limit=5"),
    200,
  );
  assert.equal(page.items.length, 5);
  assert.ok(
    page.items.every((it) => it["concertId"] === concertId),
    JSON.stringify(page.items),
  );
  const change = page.items.find(
    (it) =>
      JSON.stringify(it["after"]).includes('"maxActive":9') &&
      JSON.stringify(it["before"]).includes('"maxActive":7'),
  );
  assert.ok(change !== undefined, `no change of maxActive in ${JSON.stringify(page.items)}`);
  for (const it of page.items) {
    assert.ok(Math.abs(Date.parse(String(it["at"])) - Date.now()) < 60_000);
    assert.ok(
      String(it["actor"]).length > 0 && !String(it["actor"]).includes(deployment.operatorKey),
    );
    assert.ok(String(it["action"]).length > 0);
  }
  assert.equal(new Set(page.items.map((it) => it["action"])).size, 5, JSON.stringify(page.items));
  const next = succeeded<{ items: Members[] }>(
    await sale.admin("GET", `/audit?limit=5&cursor=${encodeURIComponent(page.nextCursor ?? "")}`),
    200,
  );
  assert.ok(
    next.items.length > 0 &&
      next.items.every(
        (it) => !page.items.some((seen) => JSON.stringify(seen) === JSON.stringify(it)),
      ),
  );
});

test("a refused change is not on record", async () => {
  const count = async (): Promise<number> => (await deployment.sql("select 1 from audit")).length;
  const before = await count();
  refused(
    await sale.admin("PATCH", `/concerts/${randomUUID()}/policy`, { maxActive: 1 }),
    "CONCERT_NOT_FOUND",
  );
  refused(await sale.admin("POST", "/concerts", { title: "x" }), "INVALID_REQUEST");
  assert.equal(await count(), before);
  await sweep(deployment.sql);
});
