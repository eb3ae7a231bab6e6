import assert from "node:assert/strict";
import { after, test } from "node:test";
import { succeeded, tally, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, type Placed, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import {
  assertWithin,
  eventually,
  mapConcurrently,
  sleep,
  race,
  times,
  outlastsAnswer,
} from "#test/support/concurrency.ts";
import { claimsOf } from "#test/support/tokens.ts";
import { inOrderOfAnswers, withinCap, withinRate, type Joined, type Stay } from "./checkers.ts";

// One line on three processes: places, order, rate and cap. Controls: checkers.test.ts.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const day = dateIn(20);
const dates = [{ date: day }];

const placeOf = (answer: Answer): { epoch: number; seq: number; id: string } => {
  const claims = claimsOf(succeeded<QueueStatus>(answer).token);
  return { epoch: Number(claims["epoch"]), seq: Number(claims["seq"]), id: String(claims["jti"]) };
};

test("one user joining thirty times at once on all instances has one place, made once", async () => {
  const { concertId } = await sale.onSale({ dates, policy: { maxActive: 1 } });
  for (const fan of await sale.fans(6)) {
    const answers = await race(times(30, (index) => () => sale.join(fan, concertId, index % 3)));
    assert.deepEqual(tally(answers.map(verdict)), { 200: 29, 201: 1 });
    assert.equal(new Set(answers.map((it) => placeOf(it).id)).size, 1);
  }
});

test("the order of answers is the order of places, whichever instances served them", async () => {
  const { concertId } = await sale.onSale({ dates, policy: { maxActive: 1 } });
  const chains = times(6, (chain) => chain);
  const joined: Joined[] = [];
  const fans = await sale.fans(180);
  await Promise.all(
    chains.map(async (chain) => {
      for (const [step, fan] of fans.slice(chain * 30, chain * 30 + 30).entries()) {
        const answer = await sale.join(fan, concertId, (chain + step) % 3);
        const { sentMs, answeredMs } = answer;
        joined.push({ sentMs, answeredMs, ...placeOf(answer) });
      }
    }),
  );
  assert.deepEqual(inOrderOfAnswers(joined), []);
});

const admissionsOf = async (concertId: string): Promise<{ userId: string; atMs: number }[]> =>
  deployment.sql<{ userId: string; atMs: number }>(
    `select user_id::text as "userId", (extract(epoch from at) * 1000)::float8 as "atMs"
     from queue_journal where concert_id = $1 and kind = 'ADMITTED' order by queue_epoch, n`,
    [concertId],
  );

test("three instances together admit at the set rate, in every window, in order", async () => {
  const { concertId } = await sale.onSale({ dates, policy: { admissionsPerMinute: 1200 } });
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/pause`), 200);
  await sleep(1100);
  const places: Placed[] = [];
  for (const fan of await sale.fans(130)) places.push(await sale.placed(fan, concertId));
  // On a busy machine the first to join would count as absent by now.
  await mapConcurrently(places, 32, (it) => sale.poll(it));
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/resume`, {}), 200);
  await sleep(5000);
  await eventually(
    "journal is written",
    async () => (await admissionsOf(concertId)).length > 0 || undefined,
  );
  await sleep(1200);
  const admitted = await admissionsOf(concertId);
  const firstMs = admitted[0]?.atMs ?? 0;
  assert.deepEqual(
    withinRate(
      admitted.map((it) => it.atMs),
      20,
      20,
    ),
    [],
  );
  const within = admitted.filter((it) => it.atMs <= firstMs + 4000).length;
  assert.ok(within >= 4 * 20 * 0.9, `only ${within} in four seconds at 20 a second`);
  const order = places.map((it) => it.userId).slice(0, admitted.length);
  assert.deepEqual(
    admitted.map((it) => it.userId),
    order,
  );
});

test("never more ACTIVE users than the cap, however fast they come and go", async () => {
  const cap = 5;
  const { concertId } = await sale.onSale({ dates, policy: { maxActive: cap } });
  const fans = await sale.fans(40);
  const leftAtMs = new Map<string, number>();
  await mapConcurrently(fans, 40, async (fan, index) => {
    const placed = await sale.admitted(fan, concertId);
    await sleep((index % 5) * 40);
    leftAtMs.set(fan.userId, Date.now());
    succeeded(await sale.leave(placed), 204);
  });
  await eventually(
    "journal is written",
    async () => (await admissionsOf(concertId)).length === 40 || undefined,
  );
  const stays = (await admissionsOf(concertId)).map((it): Stay => ({
    fromMs: it.atMs,
    toMs: leftAtMs.get(it.userId) ?? Infinity,
  }));
  assert.deepEqual(withinCap(stays, cap), []);
  assert.equal(withinCap(stays, cap - 1).length, 1, "the cap was never reached");
});

const narrow = async (policy: Record<string, unknown> = {}) => {
  const { concertId } = await sale.onSale({ dates, policy: { maxActive: 1, ...policy } });
  const [first, second] = (await sale.fans(2, { balance: 5000 })) as [Placed, Placed];
  const inside = await sale.admitted(first, concertId);
  const waiting = await sale.placed(second, concertId);
  assert.equal((await sale.status(waiting)).status, "WAITING");
  return { concertId, inside, waiting };
};

const refilled = async (waiting: Placed, what: string): Promise<void> => {
  const isActive = async () => (await sale.status(waiting)).status === "ACTIVE" || undefined;
  const { tookMs } = await eventually(what, isActive);
  assertWithin(tookMs, 1_000, what);
};

test("a slot freed by leaving, by paying and by cancelling with leaving is filled within a second", async () => {
  const left = await narrow();
  succeeded(await sale.leave(left.inside), 204);
  await refilled(left.waiting, "after leaving");
  const paid = await narrow();
  const held = await sale.reserved(paid.inside, { date: day, seatNumbers: [1] });
  succeeded(await sale.pay(paid.inside, held.reservationId), 201);
  await refilled(paid.waiting, "after paying");
});

test("a session that lapses ends the place and its slot is filled within a second", async () => {
  const { inside, waiting } = await narrow({ sessionSeconds: outlastsAnswer });
  const { expiresAt } = await sale.status(inside);
  await sleep(Date.parse(expiresAt ?? "") - Date.now());
  await refilled(waiting, "after lapse");
  const ended = await sale.status(inside);
  assert.deepEqual([ended.status, ended.endedReason], ["ENDED", "LAPSED"]);
  const answer = await sale.reserve(inside, { date: day, seatNumbers: [1] });
  assert.equal(verdict(answer), "401 QUEUE_TOKEN_ENDED");
});

test("a live hold carries the slot past its session, up to the hold's end", async () => {
  const { inside, waiting } = await narrow({ sessionSeconds: outlastsAnswer, holdSeconds: 60 });
  const held = await sale.reserved(inside, { date: day, seatNumbers: [1] });
  const session = Date.parse((await sale.status(inside)).expiresAt ?? "");
  assert.ok(session >= Date.parse(held.expiresAt) - 1000, "expiresAt does not show the hold");
  await sleep(outlastsAnswer * 1000 + 500);
  const still = await sale.status(inside);
  assert.equal(still.status, "ACTIVE");
  assert.equal((await sale.status(waiting)).status, "WAITING");
  succeeded(await sale.pay({ ...inside, queueToken: still.token }, held.reservationId), 201);
  await refilled(waiting, "after paying late");
});

test("when the carrying hold lapses, the slot lapses with it", async () => {
  const { inside, waiting } = await narrow({ sessionSeconds: outlastsAnswer, holdSeconds: 5 });
  const held = await sale.reserved(inside, { date: day, seatNumbers: [1] });
  await sleep(Date.parse(held.expiresAt) - Date.now());
  await refilled(waiting, "after the hold's end");
  assert.equal((await sale.status(inside)).endedReason, "LAPSED");
});

test("an admitted user who does not come loses the slot, is next on return, and the second time the place ends", async () => {
  const { concertId } = await sale.onSale({
    dates,
    policy: { maxActive: 1, claimSeconds: outlastsAnswer },
  });
  const [absent, present, last] = (await sale.fans(3)) as [Placed, Placed, Placed];
  const away = await sale.placed(absent, concertId);
  const next = await sale.placed(present, concertId);
  const third = await sale.placed(last, concertId);
  await eventually(
    "the slot goes to the next",
    async () => (await sale.status(next)).status === "ACTIVE" || undefined,
  );
  const returned = await sale.status(away);
  assert.deepEqual([returned.status, returned.position], ["WAITING", 1]);
  succeeded(await sale.leave(next), 204);
  // That user is admitted again before the third, does not come again, and the place ends.
  await eventually(
    "the slot goes to the third",
    async () => (await sale.status(third)).status === "ACTIVE" || undefined,
  );
  const ended = await sale.status(away);
  assert.deepEqual([ended.status, ended.endedReason], ["ENDED", "LAPSED"]);
});

test("positions are exact, and none rises when a user ahead leaves", async () => {
  const { concertId } = await sale.onSale({ dates, policy: { maxActive: 1 } });
  await sale.admitted(await sale.fan(), concertId);
  const places: Placed[] = [];
  for (const fan of await sale.fans(9)) places.push(await sale.placed(fan, concertId));
  const positions = async (of: readonly Placed[]): Promise<(number | null)[]> =>
    (await Promise.all(of.map((it) => sale.status(it)))).map((it) => {
      assert.equal(it.ahead, (it.position ?? 0) - 1);
      return it.position;
    });
  assert.deepEqual(await positions(places), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  succeeded(await sale.leave(places[4] as Placed), 204);
  const rest = places.filter((_, index) => index !== 4);
  assert.deepEqual(await positions(rest), [1, 2, 3, 4, 5, 6, 7, 8]);
  const back = await sale.placed(places[4] as Placed, concertId);
  assert.deepEqual(await positions([...rest, back]), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await sweep(deployment.sql);
});
