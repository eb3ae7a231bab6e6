import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { eventually } from "#test/support/concurrency.ts";
import { refused, succeeded } from "#test/support/client.ts";
import { isStatus, openEvents } from "#test/support/events.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openDoors, openSale, type OnSale, type Placed } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";
import {
  buy,
  claim,
  offer,
  openDoor,
  ticketsOf,
  type HeldTicket,
  type Transfer,
} from "#test/support/tickets.ts";

// A concert that is cancelled, on two instances.

const salesKey = "a-key-of-the-sales-desk-for-tests-only";
const deployment = await startDeployment({
  instances: 2,
  env: { OPERATOR_KEYS: `desk:sales:${salesKey}` },
});
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const [, second] = deployment.instances as [Instance, Instance];
const date = dateIn(20);
const reason = "The singer is ill";

interface ConcertBody {
  readonly cancelledAt: string | null;
  readonly closedAt: string | null;
  readonly queue: { readonly state: string };
}

const cancel = ({ concertId }: Pick<OnSale, "concertId">, on?: number) =>
  sale.admin("POST", `/concerts/${concertId}/cancel`, { reason }, on);

const cancelled = async (concert: Pick<OnSale, "concertId">): Promise<ConcertBody> =>
  succeeded<ConcertBody>(await cancel(concert), 200);

const onSale = (policy = {}) =>
  sale.onSale({ dates: [{ date }], policy: { ...openDoors, ...policy } });

test("a concert is cancelled once: the queue is closed, fans read it within a second everywhere, and it is audited with the reason", async () => {
  const concert = await onSale();
  const body = await cancelled(concert);
  assert.ok(body.cancelledAt !== null);
  assert.deepEqual([body.closedAt, body.queue.state], [body.cancelledAt, "CLOSED"]);
  const again = await cancelled(concert);
  assert.equal(again.cancelledAt, body.cancelledAt);
  const path = `/api/v1/concerts/${concert.concertId}`;
  await eventually("the other instance tells it", async () => {
    const read = succeeded<ConcertBody>(await sale.call({ path, on: 1 }), 200);
    return read.cancelledAt === body.cancelledAt || undefined;
  });
  const queue = succeeded(await sale.call({ path: `${path}/queue`, on: 0 }), 200);
  assert.deepEqual(
    [queue["state"], queue["cancelledAt"], queue["seatsAvailable"]],
    ["CLOSED", body.cancelledAt, 0],
  );
  refused(
    await sale.admin("POST", `/concerts/${concert.concertId}/queue/resume`, {}),
    "QUEUE_NOT_OPEN",
  );
  refused(await sale.join(await sale.fan(), concert.concertId, 0), "QUEUE_NOT_OPEN");
  const audit = await sale.admin("GET", `/audit?concertId=${concert.concertId}`);
  const { items } = succeeded<{ items: { action: string; after: Record<string, unknown> }[] }>(
    audit,
    200,
  );
  const entries = items.filter(({ action }) => action === "concert.cancelled");
  assert.equal(entries.length, 1);
  assert.equal(entries[0]?.after["reason"], reason);
});

test("only an administrator cancels, with a reason, a concert that exists", async () => {
  const { concertId } = await onSale();
  const path = `/admin/v1/concerts/${concertId}/cancel`;
  refused(
    await sale.call({ method: "POST", path, token: salesKey, body: { reason } }),
    "FORBIDDEN",
  );
  for (const body of [{}, { reason: "" }, { reason: "x".repeat(201) }, { reason, at: "now" }])
    refused(await sale.admin("POST", `/concerts/${concertId}/cancel`, body), "INVALID_REQUEST");
  refused(await cancel({ concertId: randomUUID() }), "CONCERT_NOT_FOUND");
  const read = succeeded(await sale.call({ path: `/api/v1/concerts/${concertId}` }), 200);
  assert.equal(read["cancelledAt"], null);
});

test("waiting fans are told by poll and by stream, and an ACTIVE one too", async () => {
  const { concertId } = await onSale({ maxActive: 1 });
  const active = await sale.admitted(await sale.fan(), concertId);
  const polling = await sale.placed(await sale.fan(), concertId);
  const streaming = await sale.placed(await sale.fan(), concertId);
  const streams = [await openEvents(second, streaming), await openEvents(second, active)] as const;
  const { cancelledAt } = await cancelled({ concertId });
  const tells = (ended: boolean) =>
    isStatus(
      (status) =>
        status.cancelledAt === cancelledAt &&
        status.queueState === "CLOSED" &&
        status.endedReason === (ended ? "CLOSED" : null),
    );
  await streams[0].until("the waiting place has ended", tells(true));
  await streams[1].until("the ACTIVE place knows it", tells(false));
  const polled = await eventually("the poll tells it", async () => {
    const status = await sale.status(polling);
    return status.status === "ENDED" ? status : undefined;
  });
  assert.deepEqual([polled.value.endedReason, polled.value.cancelledAt], ["CLOSED", cancelledAt]);
  for (const stream of streams) stream.destroy();
});

test("nothing of a cancelled concert is reserved, paid, passed on or admitted, and answers that were given before are given again", async () => {
  const concert = await onSale({ transfers: { until: 0, perTicket: 2 } });
  const [owner, holder, shopper] = await sale.fans(3, { balance: 10_000 });
  assert.ok(owner && holder && shopper);
  await buy(sale, owner, concert, [1, 2]);
  const place = await sale.admitted(holder, concert.concertId);
  const held = await sale.reserved(place, { date, seatNumbers: [3] });
  const paying = await sale.admitted(shopper, concert.concertId);
  const own = await sale.reserved(paying, { date, seatNumbers: [4] });
  const key = randomUUID();
  const payment = succeeded(await sale.pay(paying, own.reservationId, { key }), 201);
  const [first, other] = (await ticketsOf(sale, owner)) as [HeldTicket, HeldTicket];
  const scan = openDoor(sale, concert);
  const checkInId = randomUUID();
  const admitted = await scan({ code: first.code, checkInId });
  assert.equal(admitted.result, "ADMITTED");
  const { claim: code } = succeeded<Transfer>(await offer(sale, owner, other.ticketId), 201);
  const idle = await sale.admitted(await sale.fan({ balance: 5_000 }), concert.concertId);

  await cancelled(concert);

  const newest = async (of: Placed): Promise<Placed> => ({
    ...of,
    queueToken: (await sale.status(of)).token,
  });
  // An instance that has not read the cancelling yet may say first that a seat is taken.
  for (const on of [0, 1])
    await eventually("the instance knows it", async () => {
      const path = `/api/v1/concerts/${concert.concertId}`;
      const { cancelledAt } = succeeded<ConcertBody>(await sale.call({ path, on }), 200);
      return cancelledAt !== null || undefined;
    });
  // Both instances, and a seat that is free, one that is held and one that is sold.
  for (const on of [0, 1])
    for (const seatNumbers of [[10], [3], [1]])
      refused(
        await sale.reserve(await newest(idle), { date, seatNumbers }, { on }),
        "CONCERT_CANCELLED",
      );
  const best = { date, best: { count: 2 } };
  refused(
    await sale.call({
      method: "POST",
      path: "/api/v1/reservations",
      token: idle.queueToken,
      body: best,
    }),
    "CONCERT_CANCELLED",
  );
  refused(await sale.pay(place, held.reservationId), "CONCERT_CANCELLED");
  const dates = await sale.call({
    path: `/api/v1/concerts/${concert.concertId}/dates`,
    token: idle.queueToken,
    on: 0,
  });
  assert.deepEqual(succeeded(dates, 200), { items: [] });

  assert.deepEqual(succeeded(await sale.pay(paying, own.reservationId, { key }), 201), payment);
  assert.deepEqual(succeeded(await sale.pay(paying, own.reservationId), 200), payment);

  refused(await offer(sale, owner, other.ticketId), "CONCERT_CANCELLED");
  refused(await claim(sale, holder, code), "CONCERT_CANCELLED");

  const { concertId } = concert;
  const body = { concertId, date, code: other.code, checkInId: randomUUID() };
  refused(await sale.admin("POST", "/check-ins", body), "CONCERT_CANCELLED");
  const list = await sale.admin("POST", "/check-ins", {
    items: [{ concertId, date, code: first.code, checkInId }, body],
  });
  assert.match(String(refused(list, "CONCERT_CANCELLED")["detail"]), /\/items\/1/);
  const again = await scan({ code: first.code, checkInId });
  assert.deepEqual([again.result, again.usedAt], ["ADMITTED", admitted.usedAt]);
});

test("a concert is cancelled while batches sell in it: it waits for those that have begun, and no pause waits for them", async () => {
  const concert = await onSale();
  const { concertId } = concert;
  const place = await sale.admitted(await sale.fan({ balance: 5_000 }), concertId);
  const selling = await deployment.lock("select lock_against_cancelling(array[$1]::uuid[])", [
    concertId,
  ]);
  for (const control of ["pause", "resume"])
    succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/${control}`, {}), 200);
  const order: string[] = [];
  const cancelling = cancel(concert).then((answer) => {
    order.push("cancelled");
    return succeeded(answer, 200);
  });
  await eventually("the cancelling waits for the lock", async () => {
    const [row] = await deployment.sql<{ waits: number }>(
      "select count(*)::int as waits from pg_locks where locktype = 'advisory' and not granted",
    );
    return (row?.waits ?? 0) > 0 || undefined;
  });
  // A batch that comes after the cancelling waits behind it, though it could share the lock.
  const late = sale.reserve(place, { date, seatNumbers: [7] }).then((answer) => {
    order.push("refused");
    return answer;
  });
  await eventually("the reservation waits too", async () => {
    const [row] = await deployment.sql<{ waits: number }>(
      "select count(*)::int as waits from pg_locks where locktype = 'advisory' and not granted",
    );
    return (row?.waits ?? 0) > 1 || undefined;
  });
  order.push("sold");
  await selling.release();
  await cancelling;
  refused(await late, "CONCERT_CANCELLED");
  assert.equal(order[0], "sold");
});

test("another concert sells on, and the books are in order", async () => {
  const [over, going] = [await onSale(), await onSale()];
  await cancelled(over);
  await buy(sale, await sale.fan({ balance: 5_000 }), going, [1]);
  await sweep(deployment.sql);
});
