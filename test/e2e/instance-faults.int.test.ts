import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import http from "node:http";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { refused, succeeded, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, type Placed, type Reservation } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";
import { sleep, race, times, outlastsTwoAnswers } from "#test/support/concurrency.ts";

// Instances that are killed, told to end, frozen, and started beside others.

const day = dateIn(20);
const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

test("a fourth instance started beside three serves the same people at once", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const fan = await sale.fan();
  const placed = await sale.admitted(fan, concertId);
  const fourth = await deployment.add();
  const asked = await fetch(`${fourth.url}/api/v1/concerts/${concertId}/queue/tokens/me`, {
    headers: { authorization: `Bearer ${placed.queueToken}` },
  });
  assert.equal(((await asked.json()) as { status: string }).status, "ACTIVE");
  fourth.signal("SIGTERM");
  assert.equal((await fourth.ended).code, 0);
});

const attempt = async (ask: () => Promise<Answer>): Promise<Answer | null> => {
  try {
    return await ask();
  } catch {
    return null;
  }
};

test("an instance killed while reserving, charging and paying: the same key at another one gets the outcome, once", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const places = await sale.allAdmitted(await sale.fans(40, { balance: 5000 }), concertId);
  const doomed = deployment.instances[2] as Instance;
  let lost = 0;
  const retry = async (on: number, ask: (on: number) => Promise<Answer>): Promise<Answer> => {
    const deadlineMs = performance.now() + 60_000;
    for (let target = on; ; target = (target + 1) % 2) {
      const answer = await attempt(() => ask(target));
      if (answer === null) lost += 1;
      const again =
        answer === null ||
        answer.status === 503 ||
        verdict(answer) === "409 IDEMPOTENCY_IN_PROGRESS";
      if (!again) return answer;
      assert.ok(performance.now() < deadlineMs, `no answer: ${answer?.text}`);
      await sleep(50);
    }
  };
  const work = race(
    places.map((place, index) => async () => {
      const [charging, reserving, paying] = times(3, () => randomUUID()) as [
        string,
        string,
        string,
      ];
      succeeded(await retry(2, (on) => sale.charge(place, 70, { key: charging, on })), 201);
      const wanted = { date: day, seatNumbers: [index + 1] };
      const held = succeeded<Reservation>(
        await retry(2, (on) => sale.reserve(place, wanted, { key: reserving, on })),
        201,
      );
      return retry(2, (on) => sale.pay(place, held.reservationId, { key: paying, on }));
    }),
  );
  await sleep(60);
  doomed.signal("SIGKILL");
  deployment.client.use([0, 1]);
  for (const answer of await work) succeeded(answer, 201);
  assert.ok(lost > 0, "the kill hit no request");
  for (const place of places) assert.equal(await sale.balanceOf(place), 4070);
  await sweep(deployment.sql);
});

const openOnce = (instance: Instance, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = http.get(`${instance.url}${path}`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
  });

test("SIGTERM drains: a request in flight is answered, new ones are turned away, the exit is clean", async () => {
  const leaving = deployment.instances[1] as Instance;
  const fan = await sale.fan({ balance: 10 });
  const wallet = "select 1 from wallet where user_id = $1 for update";
  await using lock = await deployment.lock(wallet, [fan.userId]);
  const inFlight = sale.charge(fan, 5, { on: 1 });
  await sleep(100);
  leaving.signal("SIGTERM");
  deployment.client.use([0]);
  await sleep(200);
  const ready = await openOnce(leaving, "/readyz").catch(() => "refused");
  assert.ok(ready === 503 || ready === "refused", `readyz said ${ready}`);
  await lock.release();
  succeeded(await inFlight, 201);
  const { code } = await Promise.race([
    leaving.ended,
    delay(60_000, { code: "still running" }, { ref: false }),
  ]);
  assert.equal(code, 0, leaving.output().slice(-2000));
  assert.equal(await sale.balanceOf(fan), 15);
});

test("SIGTERM under load: every request that was on its way got an answer, none was reset", async () => {
  const instance = await deployment.add();
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const places = await sale.allAdmitted(await sale.fans(30, { balance: 5000 }), concertId);
  const asked: Promise<string>[] = [];
  const ask = (place: Placed, index: number): Promise<string> =>
    new Promise((resolve) => {
      const content = JSON.stringify({ date: day, seatNumbers: [index + 1] });
      const request = http.request(`${instance.url}/api/v1/reservations`, {
        method: "POST",
        agent: false,
        headers: {
          authorization: `Bearer ${place.queueToken}`,
          "content-type": "application/json",
          "content-length": content.length,
        },
      });
      let sent = false;
      request.on("response", (response) => {
        response.resume();
        response.on("end", () => resolve(String(response.statusCode)));
        response.on("error", () => resolve("reset in the answer"));
      });
      request.on("error", (error: NodeJS.ErrnoException) =>
        resolve(sent ? `reset: ${error.code}` : "refused"),
      );
      request.on("socket", (socket) => socket.on("connect", () => (sent = true)));
      request.end(content);
    });
  for (const [index, place] of places.entries()) asked.push(ask(place, index));
  await sleep(25);
  instance.signal("SIGTERM");
  const words = await Promise.all(asked);
  const bad = words.filter((it) => !["201", "503", "refused"].includes(it));
  assert.deepEqual(bad, []);
  assert.ok(words.includes("201"), `no request was served: ${words.join()}`);
  assert.equal((await instance.ended).code, 0);
  await sweep(deployment.sql);
});

test("an instance frozen past its holds' end wakes up and changes nothing that another user owns by now", async () => {
  const frozen = await deployment.add();
  const { concertId } = await sale.onSale({
    dates: [{ date: day }],
    policy: { holdSeconds: outlastsTwoAnswers },
  });
  const [mine, theirs] = (await sale.allAdmitted(
    await sale.fans(2, { balance: 5000 }),
    concertId,
  )) as [Placed, Placed];
  const held = await sale.reserved(mine, { date: day, seatNumbers: [1] });
  frozen.signal("SIGSTOP");
  const late = fetch(`${frozen.url}/api/v1/payments`, {
    method: "POST",
    headers: { authorization: `Bearer ${mine.queueToken}`, "content-type": "application/json" },
    body: JSON.stringify({ reservationId: held.reservationId }),
  });
  await sleep(Date.parse(held.expiresAt) - Date.now() + 200);
  const taken = await sale.reserved(theirs, { date: day, seatNumbers: [1] });
  frozen.signal("SIGCONT");
  const answer = await late;
  assert.equal(answer.status, 410, await answer.text());
  assert.equal(await sale.balanceOf(mine), 5000);
  succeeded(await sale.pay(theirs, taken.reservationId), 201);
  refused(await sale.pay(mine, held.reservationId), "RESERVATION_EXPIRED");
  frozen.signal("SIGKILL");
  await frozen.ended;
  await sweep(deployment.sql);
});

test("with its queue in memory one process sells the same way, from token to ticket", async () => {
  await using alone = await startDeployment({ instances: 1, env: { REDIS_URL: "memory" } });
  const shop = openSale(alone);
  const { concertId } = await shop.onSale({ dates: [{ date: day }], policy: { maxActive: 1 } });
  const [first, second] = (await shop.fans(2, { balance: 1000 })) as [Placed, Placed];
  const inside = await shop.admitted(first, concertId);
  const waiting = await shop.placed(second, concertId);
  refused(await shop.reserve(waiting, { date: day, seatNumbers: [1] }), "QUEUE_NOT_ACTIVE");
  const held = await shop.reserved(inside, { date: day, seatNumbers: [1] });
  succeeded(await shop.pay(inside, held.reservationId), 201);
  const next = await shop.admitted(second, concertId);
  refused(await shop.reserve(next, { date: day, seatNumbers: [1] }), "SEAT_UNAVAILABLE");
  await sweep(alone.sql);
});
