import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createClient } from "redis";
import { refused, succeeded, type Members } from "#test/support/client.ts";
import { eventually, outlastsAnswer, outlastsTwoAnswers } from "#test/support/concurrency.ts";
import { isStatus, openEvents } from "#test/support/events.ts";
import { openSale, type Payment, type Placed, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";
import { onList, reaches, saleWithList, soldOut, usersOnList } from "#test/support/waiting-list.ts";

// A sale that goes on as a waiting list once it is sold out, on two instances.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

const stats = async (concertId: string): Promise<Members> =>
  succeeded<Members>(await sale.admin("GET", `/concerts/${concertId}/stats`), 200);

test("at SOLD_OUT waiting places are WAITLISTED in order, slots without a hold end, and a seat that comes back goes to the first, told by stream", async () => {
  const list = await saleWithList(sale, { maxActive: 2 });
  const { concertId, date } = list;
  await list.block(Array.from({ length: 49 }, (_, index) => index + 2));
  const fans = await sale.fans(4, { balance: 10_000 });
  const [buying, shopping, first, second] = fans;
  assert.ok(buying && shopping && first && second);
  const buyer = await sale.admitted(buying, concertId);
  const shopper = await sale.admitted(shopping, concertId);
  const places = [await sale.placed(first, concertId), await sale.placed(second, concertId)];
  const streams = await Promise.all(
    places.map((place, index) => openEvents(deployment.instances[index] as Instance, place)),
  );
  const [mine, other] = streams;
  assert.ok(mine && other);
  const { waitingList, waitlisted } = await list.queue();
  assert.deepEqual([waitingList, waitlisted], [true, null]);

  const held = await sale.reserved(buyer, { date, seatNumbers: [1] });
  // Until then the buyer's slot would go to the first in the queue, who would end with the others.
  const [asked] = places;
  assert.ok(asked);
  await eventually("every instance knows that no seat is free", async () => {
    const polls = await Promise.all(
      deployment.instances.map(({ index }) => sale.poll(asked, index)),
    );
    const states = polls.map((it) => (it.body as { queueState?: string }).queueState);
    return states.every((state) => state === "ALL_HELD") || undefined;
  });
  succeeded(await sale.pay(buyer, held.reservationId), 201);
  const isListed = (position: number) =>
    isStatus((it) => it.status === "WAITLISTED" && it.position === position);
  await Promise.all([
    mine.until("the first is on the list", isListed(1)),
    other.until("the second is on the list", isListed(2)),
  ]);
  const ended = await reaches(sale, shopper, "ENDED");
  assert.equal(ended.endedReason, "SOLD_OUT");
  // Each instance learns by itself that the last seat is sold.
  await eventually("the queue is sold out", async () => {
    return (await sale.status(shopper)).queueState === "SOLD_OUT" || undefined;
  });
  const [one, two] = places as [Placed, Placed];
  refused(await sale.reserve(one, { date, seatNumbers: [1] }), "QUEUE_NOT_ACTIVE");

  const third = await onList(sale, shopper, concertId);
  assert.equal((await sale.status(third)).position, 3);
  await eventually("the figures tell the list", async () => {
    const { waiting, waitlisted: onIt } = await stats(concertId);
    return waiting === 3 && onIt === 3 ? true : undefined;
  });
  assert.equal((await list.queue())["waitlisted"], 3);

  await list.giveBack([2]);
  const event = await mine.until(
    "the turn of the first",
    isStatus((it) => it.status === "ACTIVE"),
  );
  const turn = JSON.parse(event.text) as QueueStatus;
  const leftMs = Date.parse(turn.expiresAt ?? "") - Date.parse(turn.serverTime);
  assert.ok(leftMs > 0 && leftMs <= 60_000, `the slot lasts claimSeconds: ${leftMs} ms left`);
  const next = await sale.status(two);
  assert.deepEqual([next.status, next.position], ["WAITLISTED", 1]);
  const bought = await sale.reserved(
    { ...one, queueToken: turn.token },
    { date, seatNumbers: [2] },
  );
  succeeded(await sale.pay({ ...one, queueToken: turn.token }, bought.reservationId), 201);
  await list.giveBack([3, 4]);
  await Promise.all([reaches(sale, two, "ACTIVE"), reaches(sale, third, "ACTIVE")]);
  for (const stream of streams) stream.destroy();
});

test("a seat that the admitted user does not take within claimSeconds goes to the next", async () => {
  const list = await saleWithList(sale, { claimSeconds: outlastsAnswer });
  const [first, second, third] = await usersOnList(sale, list, 3);
  assert.ok(first && second && third);
  const polls = [first, second, third].map((place, index) =>
    openEvents(deployment.instances[index % 2] as Instance, place),
  );
  const [one, two, three] = await Promise.all(polls);
  assert.ok(one && two && three);
  await list.giveBack([7]);
  const isActive = isStatus((it) => it.status === "ACTIVE");
  await one.until("the turn of the first", isActive);
  await one.until(
    "the slot lapses",
    isStatus((it) => it.endedReason === "LAPSED"),
  );
  const event = await two.until("the turn of the second", isActive);
  const turn = JSON.parse(event.text) as QueueStatus;
  assert.equal(
    three.statuses().some(({ status }) => status === "ACTIVE"),
    false,
  );
  await sale.reserved({ ...second, queueToken: turn.token }, { date: list.date, seatNumbers: [7] });
  for (const stream of [one, two, three]) stream.destroy();
});

test("a held seat that its user cancels or lets lapse goes to the list, whose user buys it", async () => {
  const list = await saleWithList(sale, {
    holdSeconds: outlastsTwoAnswers,
    claimSeconds: outlastsAnswer,
  });
  await list.block(Array.from({ length: 49 }, (_, index) => index + 2));
  const holder = await sale.admitted(await sale.fan(), list.concertId);
  await sale.reserved(holder, { date: list.date, seatNumbers: [1] });
  await sale.leave(holder);
  const buyer = await sale.admitted(await sale.fan({ balance: 5_000 }), list.concertId);
  const held = await sale.reserved(buyer, { date: list.date, seatNumbers: [1] });
  succeeded(await sale.pay(buyer, held.reservationId), 201);
  await soldOut(sale, list.concertId);
  const first = await onList(sale, await sale.fan(), list.concertId);
  const second = await onList(sale, await sale.fan({ balance: 5_000 }), list.concertId);
  await list.giveBack([9]);
  const turn = await reaches(sale, first, "ACTIVE");
  await sale.reserved({ ...first, queueToken: turn.token }, { date: list.date, seatNumbers: [9] });
  // The hold of the first lapses, and the seat is the second one's.
  const next = await reaches(sale, second, "ACTIVE");
  const mine = { ...second, queueToken: next.token };
  const bought = await sale.reserved(mine, { date: list.date, seatNumbers: [9] });
  succeeded(await sale.pay(mine, bought.reservationId), 201);
});

test("a refunded seat goes to the first user of the list, and other users cannot reserve it", async () => {
  const refunds = { until: 1, fees: [] };
  const list = await saleWithList(sale, { refunds });
  await list.block(Array.from({ length: 49 }, (_, index) => index + 2));
  const buyer = await sale.admitted(await sale.fan({ balance: 5_000 }), list.concertId);
  const held = await sale.reserved(buyer, { date: list.date, seatNumbers: [1] });
  const paid = succeeded<Payment>(await sale.pay(buyer, held.reservationId), 201);
  await soldOut(sale, list.concertId);
  const first = await onList(sale, await sale.fan({ balance: 5_000 }), list.concertId);
  const second = await onList(sale, await sale.fan(), list.concertId);
  const refund = await sale.call({
    method: "POST",
    path: `/api/v1/payments/${paid.paymentId}/refunds`,
    token: buyer.accessToken,
    key: "refund",
    body: {},
  });
  succeeded(refund, 201);
  const wanted = { date: list.date, seatNumbers: [1] };
  refused(await sale.reserve(second, wanted), "QUEUE_NOT_ACTIVE");
  const turn = await reaches(sale, first, "ACTIVE");
  await sale.reserved({ ...first, queueToken: turn.token }, wanted);
  assert.equal((await sale.status(second)).status, "WAITLISTED");
});

test("a list that is turned on at SOLD_OUT takes users, and one that is turned off ends their places", async () => {
  const list = await saleWithList(sale, { waitingList: false });
  await list.block(Array.from({ length: 50 }, (_, index) => index + 1));
  const later = await sale.fan();
  await eventually("the sale is sold out", async () => {
    // A user who joins before the instance knows may be admitted, and keeps the slot.
    const answer = await sale.join(await sale.fan(), list.concertId);
    return answer.status === 409 ? refused(answer, "SOLD_OUT") : undefined;
  });
  const turn = async (waitingList: boolean) =>
    succeeded(
      await sale.admin("PATCH", `/concerts/${list.concertId}/policy`, { waitingList }),
      200,
    );
  await turn(true);
  const { value: joined } = await eventually("the list can be joined", async () => {
    const answer = await sale.join(later, list.concertId);
    return answer.status === 201 ? succeeded<QueueStatus>(answer, 201) : undefined;
  });
  assert.deepEqual([joined.status, joined.position], ["WAITLISTED", 1]);
  const place = { ...later, concertId: list.concertId, queueToken: joined.token };
  await turn(false);
  assert.equal((await reaches(sale, place, "ENDED")).endedReason, "SOLD_OUT");
  const odd = await sale.admin("PATCH", `/concerts/${list.concertId}/policy`, {
    waitingList: "on",
  });
  assert.match(odd.text, /"pointer":"\/waitingList"/);
});

test("closing ends a waiting list", async () => {
  const list = await saleWithList(sale);
  const [place] = await usersOnList(sale, list, 1);
  assert.ok(place);
  succeeded(await sale.admin("POST", `/concerts/${list.concertId}/queue/close`), 200);
  assert.equal((await reaches(sale, place, "ENDED")).endedReason, "CLOSED");
  refused(await sale.join(await sale.fan(), list.concertId), "QUEUE_NOT_OPEN");
});

test("a waiting list whose store is emptied keeps its order, and a seat that came back meanwhile goes to its first user", async () => {
  const list = await saleWithList(sale);
  const places = await usersOnList(sale, list, 3);
  const client = createClient({ url: deployment.redis.url });
  await client.connect();
  await client.sendCommand(["FLUSHALL"]);
  client.destroy();
  await list.giveBack([5]);
  // They come back in another order, while others join.
  for (const place of places.toReversed()) await reaches(sale, place, "WAITLISTED");
  // All of them poll on, as a page does: a user who does not is absent after a while, and may be passed over.
  const statuses = () => Promise.all(places.map((place) => sale.status(place)));
  const { value: newcomer } = await eventually("the list takes users", async () => {
    await statuses();
    const answer = await sale.join(await sale.fan(), list.concertId);
    return answer.status === 201 ? succeeded<QueueStatus>(answer, 201) : undefined;
  });
  assert.deepEqual([newcomer.status, newcomer.position], ["WAITLISTED", null]);
  const { value: found } = await eventually("the first user is ACTIVE", async () => {
    const found = await statuses();
    // An instance may say for a moment longer that the queue recovers, without positions.
    return found[0]?.status === "ACTIVE" && found[1]?.position !== null ? found : undefined;
  });
  assert.deepEqual(
    found.map(({ status, position }) => [status, position]),
    [
      ["ACTIVE", null],
      ["WAITLISTED", 1],
      ["WAITLISTED", 2],
    ],
  );
});
