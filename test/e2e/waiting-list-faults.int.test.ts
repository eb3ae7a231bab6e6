import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { refused, succeeded } from "#test/support/client.ts";
import { eventually, sleep, times } from "#test/support/concurrency.ts";
import { sweep } from "#test/support/invariants.ts";
import { admittedIn, pollOn, watchSlots } from "#test/support/list-watch.ts";
import { freshRedis } from "#test/support/redis.ts";
import { freeRefunds, refund } from "#test/support/refunds.ts";
import { openSale, openSaleOn, type Payment, type Placed } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";
import {
  admittedUsers,
  onList,
  reaches,
  saleWithList,
  soldOut,
  usersOnList,
} from "#test/support/waiting-list.ts";
import { oneASeat } from "../race/checkers.ts";

// A waiting list while its stores and instances fail: one user a seat, in order, and no place is lost.

/** Longer than any instance may know an older stock. */
const settledMs = 4_000;
const long = { timeout: 300_000 };

test(
  "Redis killed and back empty, while a ticket is refunded and a hold lapses: each seat goes to one user, in order",
  long,
  async () => {
    await using deployment = await startDeployment({ instances: 2 });
    const sale = openSale(deployment);
    const policy = { claimSeconds: 300, holdSeconds: 20, refunds: freeRefunds };
    const list = await saleWithList(sale, policy);
    const { concertId, date } = list;
    await list.block(times(48, (index) => index + 3));
    const buyer = await sale.admitted(await sale.fan({ balance: 5_000 }), concertId);
    const held = await sale.reserved(buyer, { date, seatNumbers: [1, 2] });
    const paid = succeeded<Payment>(await sale.pay(buyer, held.reservationId), 201);
    await soldOut(sale, concertId);
    const places: Placed[] = [];
    for (const fan of await sale.fans(6)) places.push(await onList(sale, fan, concertId));
    const order = places.map(({ userId }) => userId);
    const admitted = async () =>
      (await admittedUsers(deployment.sql, concertId)).filter((id) => order.includes(id));
    await list.giveBack([10]);
    const [first] = places as [Placed];
    const turn = await reaches(sale, first, "ACTIVE");
    const holder = { ...first, queueToken: turn.token };
    const lapsing = await sale.reserved(holder, { date, seatNumbers: [10] });
    await eventually("the admission is in the journal", async () =>
      (await admitted()).length === 1 ? true : undefined,
    );
    await using slots = watchSlots(deployment.redis.url, deployment.sql, list);

    await deployment.redis.kill();
    const ticketIds = paid.tickets.slice(0, 1).map(({ ticketId }) => ticketId);
    succeeded(await refund(sale, buyer, paid.paymentId, { body: { ticketIds } }), 201);
    await eventually("the hold has lapsed", async () => {
      const rows = await deployment.sql(
        "select 1 from reservation where reservation_id = $1 and expires_at < now()",
        [lapsing.reservationId],
      );
      return rows.length === 1 || undefined;
    });
    await deployment.redis.restart();

    const back = places.map((place) => (place === first ? holder : place)).toReversed();
    for (const place of back)
      await eventually("the queue answers", async () =>
        (await sale.poll(place)).status === 200 ? true : undefined,
      );
    await using polls = pollOn(back, (place) => sale.poll(place));
    // The holder is ACTIVE for the lapsed seat, and the second user for the refunded one.
    const shownAre = (what: string, wanted: readonly string[]) =>
      eventually(what, () => {
        const shown = polls.shown().toReversed();
        const seen = shown.map(([status, at]) =>
          status === "WAITLISTED" ? `${status} ${at}` : status,
        );
        return seen.join() === wanted.join() || undefined;
      });
    const listed = (count: number) => times(count, (index) => `WAITLISTED ${index + 1}`);
    await shownAre("one more user is ACTIVE", ["ACTIVE", "ACTIVE", ...listed(4)]);
    await sleep(settledMs);
    assert.deepEqual(oneASeat(await admitted(), order, 2), []);
    succeeded(await sale.leave(holder), 204);
    await shownAre("the seat goes to the next", ["ENDED", "ACTIVE", "ACTIVE", ...listed(3)]);
    const newcomer = await onList(sale, await sale.fan(), concertId);
    assert.equal((await sale.status(newcomer)).position, 4);
    await sleep(settledMs);
    assert.deepEqual(oneASeat(await admitted(), order, 3), []);
    assert.deepEqual([polls.rises, slots.excesses, slots.most()], [[], [], 2]);
  },
);

test(
  "two primaries at once: a seat goes to one user of the list, and the side that stays goes on in order",
  long,
  async () => {
    await using deployment = await startDeployment({ instances: 2, proxies: true });
    await using other = await freshRedis();
    const sale = openSale(deployment);
    const list = await saleWithList(sale, { claimSeconds: 300 });
    const places = await usersOnList(sale, list, 6);
    const order = places.map(({ userId }) => userId);
    const admitted = () => admittedUsers(deployment.sql, list.concertId);
    const there = { REDIS_URL: other.url, DATABASE_URL: deployment.databaseUrl };
    const instances = [await deployment.add(there), await deployment.add(there)];
    const elsewhere = openSaleOn(deployment, instances);
    const stranger = await elsewhere.fan();
    await using here = pollOn(places, (place) => sale.poll(place));
    await using slotsHere = watchSlots(deployment.redis.url, deployment.sql, list);
    await using slotsThere = watchSlots(other.url, deployment.sql, list);
    const giveBack = async (seatNumber: number): Promise<void> => {
      const path = `/concerts/${list.concertId}/dates/${list.date}/seats/unblock`;
      const body = { seatNumbers: [seatNumber], reason: "guests" };
      succeeded(await elsewhere.admin("POST", path, body), 200);
    };

    await giveBack(1);
    await eventually(
      "the first user is ACTIVE",
      () => here.shown()[0]?.[0] === "ACTIVE" || undefined,
    );
    for (const on of [0, 1])
      refused(await elsewhere.join(stranger, list.concertId, on), "UNAVAILABLE");
    await eventually("the admission is in the journal", async () =>
      (await admitted()).length === 1 ? true : undefined,
    );
    assert.equal(await admittedIn(other.url, list.concertId), 0);

    deployment.proxies?.postgres.freeze();
    await giveBack(2);
    for (const on of [0, 1])
      await eventually("the other side takes the queue over", async () => {
        return (await elsewhere.join(stranger, list.concertId, on)).status < 300 || undefined;
      });
    // Some polls of each user still reach the former side.
    const back = places.toReversed();
    await using polls = pollOn(back, (place) => elsewhere.poll(place));
    const active = () =>
      polls
        .shown()
        .toReversed()
        .map(([status]) => status === "ACTIVE");
    await eventually("the second seat has its user", () => active()[1] || undefined);
    deployment.proxies?.postgres.heal();
    for (const on of [0, 1])
      await eventually("the former side sees that the queue lives elsewhere", async () => {
        return (await sale.poll(places[0] as Placed, on)).status === 503 || undefined;
      });
    await giveBack(3);
    await eventually("the third seat has its user", () => active()[2] || undefined);
    await sleep(settledMs);
    assert.deepEqual(active(), [true, true, true, false, false, false]);
    await eventually("the admissions are in the journal", async () =>
      (await admitted()).length === 3 ? true : undefined,
    );
    assert.deepEqual(oneASeat(await admitted(), order, 3), []);
    assert.equal(await admittedIn(deployment.redis.url, list.concertId), 1);
    assert.deepEqual([here.turns, here.rises, polls.rises], [order.slice(0, 1), [], []]);
    assert.deepEqual([slotsHere.excesses, slotsThere.excesses, slotsThere.most()], [[], [], 3]);
  },
);

test(
  "instances killed and started again, all of them at once too: each seat goes to one user, in order",
  long,
  async () => {
    await using deployment = await startDeployment({ instances: 2 });
    const list = await saleWithList(openSale(deployment), { claimSeconds: 300, holdSeconds: 20 });
    const { concertId, date } = list;
    const places = await usersOnList(openSale(deployment), list, 10);
    const order = places.map(({ userId }) => userId);
    let live: readonly Instance[] = deployment.instances;
    let now = openSaleOn(deployment, live);
    const kill = async (doomed: readonly Instance[]): Promise<void> => {
      live = live.filter((one) => !doomed.includes(one));
      now = openSaleOn(deployment, live);
      for (const instance of doomed) instance.signal("SIGKILL");
      await Promise.all(doomed.map(({ ended }) => ended));
    };
    const start = async (): Promise<void> => {
      live = [...live, await deployment.add()];
      now = openSaleOn(deployment, live);
    };
    const giveBack = async (seatNumbers: readonly number[]): Promise<void> => {
      const path = `/concerts/${concertId}/dates/${date}/seats/unblock`;
      succeeded(await now.admin("POST", path, { seatNumbers, reason: "guests" }), 200);
    };

    const seats = [1, 2, 3, 3, 4, 5];
    const [, , hesitant] = order;
    let lapsing = "";
    /** Takes the seat whose turn it is and pays, through whatever happens to the instances; one user only takes it. */
    const buy = async (place: Placed): Promise<void> => {
      const seat = seats[order.indexOf(place.userId)];
      const [reserving, paying] = [randomUUID(), randomUUID()];
      const wanted = { date, seatNumbers: [seat ?? 0] };
      const { value } = await eventually("the seat is held", async () => {
        const answer = await now.reserve(place, wanted, { key: reserving }).catch(() => null);
        return answer?.status === 201 ? (answer.body as { reservationId: string }) : undefined;
      });
      if (place.userId === hesitant) {
        lapsing = value.reservationId;
        return;
      }
      await eventually("the seat is paid", async () => {
        const answer = await now.pay(place, value.reservationId, { key: paying }).catch(() => null);
        return answer?.status === 201 || undefined;
      });
    };
    await using polls = pollOn(places, (place) => now.poll(place), buy);
    const admitted = () => admittedUsers(deployment.sql, concertId);
    const haveTurns = (count: number) =>
      eventually(`${count} users had a turn`, async () =>
        (await admitted()).length >= count ? true : undefined,
      );

    await giveBack([1, 2]);
    await kill(live.slice(0, 1));
    await haveTurns(2);
    await start();

    await giveBack([3]);
    await eventually("the third user holds the seat", () => lapsing !== "" || undefined);
    await haveTurns(3);
    await kill(live);
    await eventually("the hold has lapsed", async () => {
      const rows = await deployment.sql(
        "select 1 from reservation where reservation_id = $1 and expires_at < now()",
        [lapsing],
      );
      return rows.length === 1 || undefined;
    });
    await start();
    await start();
    // The user is ACTIVE without a hold, so that the seat goes to no other user before that one leaves.
    await sleep(settledMs);
    assert.deepEqual(oneASeat(await admitted(), order, 3), []);
    succeeded(await now.leave(places[2] as Placed), 204);
    await haveTurns(4);

    await giveBack([4]);
    await kill(live.slice(1));
    await giveBack([5]);
    await start();
    await haveTurns(6);
    await sleep(settledMs);
    assert.deepEqual(oneASeat(await admitted(), order, seats.length), []);
    assert.deepEqual(polls.rises, []);
    await eventually("the others are at the front", () => {
      const others = polls.shown().slice(seats.length);
      return (
        others.every(([status, at], index) => status === "WAITLISTED" && at === index + 1) ||
        undefined
      );
    });
    await eventually("the seats are sold", async () => {
      const rows = await deployment.sql(
        "select 1 from seat where concert_id = $1 and status = 'SOLD'",
        [concertId],
      );
      return rows.length === 5 || undefined;
    });
    await sweep(deployment.sql);
  },
);
