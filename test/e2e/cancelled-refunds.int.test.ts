import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eventually } from "#test/support/concurrency.ts";
import { refused, succeeded } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { freeRefunds, refund, refundAsOperator } from "#test/support/refunds.ts";
import { dateIn, openDoors, openSale, type Fan, type Reservation } from "#test/support/sale.ts";
import { sellAll } from "#test/support/sold-hall.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, openDoor, ticketsOf } from "#test/support/tickets.ts";

// The refunds of a cancelled concert, which every instance works on.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { sql } = deployment;
const date = dateIn(20);
const price = 1000;

interface Stats {
  readonly revenue: number;
  readonly cancellation: {
    readonly tickets: number;
    readonly ticketsRefunded: number;
    readonly amountRefunded: number;
    readonly refundedAt: string | null;
  } | null;
}

const statsOf = async (concertId: string, on?: number): Promise<Stats> =>
  succeeded<Stats>(await sale.admin("GET", `/concerts/${concertId}/stats`, undefined, on), 200);

const cancel = async (concertId: string): Promise<void> => {
  const body = { reason: "The singer is ill" };
  succeeded(await sale.admin("POST", `/concerts/${concertId}/cancel`, body), 200);
};

const untilRefunded = async (concertId: string, on?: number): Promise<Stats> => {
  const finished = await eventually(
    "all tickets are refunded",
    async () => {
      const stats = await statsOf(concertId, on);
      return stats.cancellation?.refundedAt ? stats : undefined;
    },
    200,
    120_000,
  );
  return finished.value;
};

test("all tickets are VOID and refunded in full to their buyers, used ones too, and holds are cancelled", async () => {
  const policy = { ...openDoors, refunds: freeRefunds };
  const concert = await sale.onSale({ dates: [{ date }], price, policy });
  const { concertId } = concert;
  const [two, one, holder] = (await sale.fans(3, { balance: 5_000 })) as [Fan, Fan, Fan];
  const { paymentId } = await buy(sale, two, concert, [1, 2]);
  await buy(sale, one, concert, [3]);
  const [used] = await ticketsOf(sale, one);
  await openDoor(sale, concert)({ code: used?.code });
  const early = await refund(sale, two, paymentId, {
    body: { ticketIds: [(await ticketsOf(sale, two))[0]?.ticketId] },
  });
  succeeded(early, 201);
  const place = await sale.admitted(holder, concertId);
  const held = await sale.reserved(place, { date, seatNumbers: [10] });
  assert.equal((await statsOf(concertId)).cancellation, null);

  await cancel(concertId);
  refused(await refund(sale, two, paymentId), "CONCERT_CANCELLED");
  const named = { concertId, token: deployment.operatorKey };
  refused(await refundAsOperator(sale, named, { paymentIds: [paymentId] }), "CONCERT_CANCELLED");

  const { cancellation, revenue } = await untilRefunded(concertId);
  const { refundedAt: _, ...progress } = cancellation ?? {};
  // The ticket that its buyer has refunded before is none of these.
  assert.deepEqual(progress, { tickets: 2, ticketsRefunded: 2, amountRefunded: 2 * price });
  assert.equal(revenue, 0);
  for (const fan of [two, one, holder]) {
    assert.equal(await sale.balanceOf(fan), 5_000);
    const tickets = await ticketsOf(sale, fan);
    assert.ok(tickets.every(({ status, code }) => status === "VOID" && code === null));
  }
  const path = `/api/v1/reservations/${held.reservationId}`;
  const read = await sale.call({ path, token: holder.accessToken });
  assert.equal(succeeded<Reservation>(read, 200).status, "CANCELLED");

  // The seats are free, and not on sale.
  const again = await sale.status(place);
  const late = { ...place, queueToken: again.token };
  for (const on of [0, 1])
    refused(await sale.reserve(late, { date, seatNumbers: [3] }, { on }), "CONCERT_CANCELLED");
  await sweep(sql);
});

test("a concert without tickets and holds is finished", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date }] });
  await cancel(concertId);
  const { cancellation } = await untilRefunded(concertId);
  const { refundedAt: _, ...progress } = cancellation ?? {};
  assert.deepEqual(progress, { tickets: 0, ticketsRefunded: 0, amountRefunded: 0 });
});

const hall = {
  grades: [{ name: "R", price }],
  sections: [{ name: "Floor", kind: "STANDING", grade: "R", capacity: 2_000 }],
};

test("instances that are killed in the middle of the refunds leave each ticket refunded or not; another one goes on, and each is refunded once", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date }], seatingPlan: hall });
  const tickets = await sellAll(sql, concertId);
  assert.equal(tickets, 2_000);
  // The refunds come to this ticket in their order and wait, so that both instances are killed in the middle.
  const last = await deployment.lock(
    "select from ticket where concert_id = $1 and seat_number = 1200 for update",
    [concertId],
  );
  await cancel(concertId);
  const { value: half } = await eventually("the refunds wait for the locked ticket", async () => {
    const { cancellation } = await statsOf(concertId);
    const [row] = await sql<{ waits: number }>(
      "select count(*)::int as waits from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return cancellation !== null && cancellation.ticketsRefunded > 0 && (row?.waits ?? 0) > 0
      ? cancellation
      : undefined;
  });
  assert.ok(half.ticketsRefunded < tickets && half.refundedAt === null);
  assert.equal(half.tickets, tickets);
  assert.equal(half.amountRefunded, half.ticketsRefunded * price);
  for (const instance of deployment.instances) instance.signal("SIGKILL");
  await Promise.all(deployment.instances.map(({ ended }) => ended));
  await last.release();

  await deployment.add();
  await eventually(
    "the new instance has refunded the rest",
    async () => {
      const [row] = await sql<{ done: boolean }>(
        "select refunded_at is not null as done from concert where concert_id = $1",
        [concertId],
      );
      return row?.done || undefined;
    },
    200,
    120_000,
  );
  const [sums] = await sql<Record<string, number>>(
    `select count(*) filter (where t.status = 'VOID')::int as void,
      count(t.refund_id)::int as refunded,
      (select sum(amount)::int from refund where concert_id = $1) as amount,
      (select count(*)::int from wallet w join payment p using (user_id)
        where p.concert_id = $1 and w.balance = p.amount) as whole
    from ticket t where t.concert_id = $1`,
    [concertId],
  );
  assert.deepEqual(sums, {
    void: tickets,
    refunded: tickets,
    amount: tickets * price,
    whole: tickets / 4,
  });
  await sweep(sql);
});
