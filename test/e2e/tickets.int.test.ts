import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { readTicketCode, type TicketKey } from "../../sdk/ticket-code.ts";
import { hasMembers, refused, succeeded, type Members } from "#test/support/client.ts";
import { eventually } from "#test/support/concurrency.ts";
import { members } from "#test/support/contract.ts";
import { smallHall } from "#test/support/halls.ts";
import { freeRefunds, refund } from "#test/support/refunds.ts";
import { openSale, type Fan } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import {
  buy,
  claim,
  offer,
  openDoor,
  ticketsOf,
  type HeldTicket,
  type Transfer,
} from "#test/support/tickets.ts";

// A ticket from its sale on, as its holder and another user read it.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

const read = (ticketId: string, token: string) =>
  sale.call({ path: `/api/v1/tickets/${ticketId}`, token });

const keysOf = async (): Promise<readonly TicketKey[]> =>
  succeeded<{ keys: TicketKey[] }>(await sale.call({ path: "/.well-known/ticket-keys.json" }), 200)
    .keys;

test("a buyer reads each ticket with the name of its seat, its price and a code that its keys verify", async () => {
  const onSale = await sale.onSale({ seatingPlan: smallHall });
  const fan = await sale.fan({ balance: 10_000 });
  const payment = await buy(sale, fan, onSale, [12, 41]);
  const tickets = await ticketsOf(sale, fan);
  assert.deepEqual(
    tickets.map((it) => it.ticketId),
    payment.tickets.map((it) => it.ticketId).toReversed(),
  );
  const [balcony, stalls] = tickets as [HeldTicket, HeldTicket];
  hasMembers(stalls, members.heldTicket);
  const { code, startsAt, ...facts } = stalls;
  assert.deepEqual(facts, {
    ticketId: stalls.ticketId,
    concertId: onSale.concertId,
    title: "Proof",
    venue: null,
    date: onSale.dates[0],
    timeZone: "UTC",
    section: "Stalls",
    row: "B",
    name: "2",
    seatNumber: 12,
    grade: "R",
    price: 500,
    holder: { userId: fan.userId, name: null },
    status: "VALID",
    voidReason: null,
    paymentId: payment.paymentId,
    transfer: null,
    transferableUntil: null,
    cancelledAt: null,
  });
  assert.equal(startsAt, `${onSale.dates[0]}T19:00:00.000Z`);
  assert.deepEqual([balcony.section, balcony.row, balcony.price], ["Balcony", "A", 300]);
  assert.deepEqual(succeeded(await read(stalls.ticketId, fan.accessToken), 200), stalls);

  assert.match(code ?? "", /^[\w-]{1,120}$/);
  assert.deepEqual(await readTicketCode(code ?? "", await keysOf()), {
    ticketId: stalls.ticketId,
    date: onSale.dates[0],
    version: 1,
  });
});

test("another user's ticket and another user's list are answered as if they did not exist", async () => {
  const onSale = await sale.onSale();
  const [fan, other] = [await sale.fan({ balance: 5_000 }), await sale.fan()];
  const { tickets } = await buy(sale, fan, onSale, [7]);
  const ticketId = tickets[0]?.ticketId ?? "";
  refused(await read(ticketId, other.accessToken), "TICKET_NOT_FOUND");
  refused(await read(randomUUID(), fan.accessToken), "TICKET_NOT_FOUND");
  const path = `/api/v1/users/${fan.userId}/tickets`;
  refused(await sale.call({ path, token: other.accessToken }), "NOT_FOUND");
  assert.deepEqual(await ticketsOf(sale, other), []);
});

test("the list of tickets has pages, newest first", async () => {
  const fan = await sale.fan({ balance: 50_000 });
  const bought: string[] = [];
  for (const seatNumbers of [[1, 2], [3], [4, 5]]) {
    const payment = await buy(sale, fan, await sale.onSale(), seatNumbers);
    bought.unshift(...payment.tickets.map((it) => it.ticketId).toReversed());
  }
  const shown: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const query: string = `limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
    const path = `/api/v1/users/${fan.userId}/tickets?${query}`;
    const page: { items: HeldTicket[]; nextCursor: string | null } = succeeded(
      await sale.call({ path, token: fan.accessToken }),
      200,
    );
    shown.push(...page.items.map((it) => it.ticketId));
    cursor = page.nextCursor;
  }
  assert.deepEqual(shown, bought);
  const path = `/api/v1/users/${fan.userId}/tickets?cursor=AAAA`;
  refused(await sale.call({ path, token: fan.accessToken }), "INVALID_REQUEST");
});

test("a ticket that is VOID or USED has no code, and a new version has another one", async () => {
  const fan = await sale.fan({ balance: 5_000 });
  await buy(sale, fan, await sale.onSale(), [1, 2]);
  const [first, second] = (await ticketsOf(sale, fan)) as [HeldTicket, HeldTicket];
  const { sql } = deployment;
  await sql("update ticket set version = 2 where ticket_id = $1", [first.ticketId]);
  await sql("update ticket set status = 'VOID', version = 2 where ticket_id = $1", [
    second.ticketId,
  ]);
  const [now, gone] = (await ticketsOf(sale, fan)) as [HeldTicket, HeldTicket];
  assert.notEqual(now.code, first.code);
  assert.equal((await readTicketCode(now.code ?? "", await keysOf()))?.version, 2);
  assert.deepEqual([gone.status, gone.code], ["VOID", null]);
});

test("a VOID ticket says whether it was passed on, refunded, or its concert was cancelled, to each reader what concerns it", async () => {
  const policy = { refunds: freeRefunds, transfers: { until: 0, perTicket: 1 } };
  const onSale = await sale.onSale({ policy });
  const [fan, friend] = await sale.fans(2, { balance: 5_000 });
  assert.ok(fan && friend);
  const { paymentId, tickets } = await buy(sale, fan, onSale, [1, 2, 3]);
  const [passedOn = "", refunded = "", kept = ""] = tickets.map(({ ticketId }) => ticketId);
  const { claim: code } = succeeded<Transfer>(await offer(sale, fan, passedOn), 201);
  succeeded(await claim(sale, friend, code), 200);
  succeeded(await refund(sale, fan, paymentId, { body: { ticketIds: [refunded] } }), 201);

  const reasonsOf = async (who: Fan) => {
    const read = await ticketsOf(sale, who);
    return Object.fromEntries(read.map((it) => [it.ticketId, [it.status, it.voidReason]]));
  };
  assert.deepEqual(await reasonsOf(fan), {
    [passedOn]: ["VOID", "PASSED_ON"],
    [refunded]: ["VOID", "REFUNDED"],
    [kept]: ["VALID", null],
  });
  assert.deepEqual(await reasonsOf(friend), { [passedOn]: ["VALID", null] });
  const scanned = await openDoor(sale, onSale)({ ticketId: refunded });
  assert.deepEqual([scanned.result, scanned.ticket?.voidReason], ["VOID", "REFUNDED"]);

  const cancel = `/concerts/${onSale.concertId}/cancel`;
  succeeded(await sale.admin("POST", cancel, { reason: "The singer is ill" }), 200);
  await eventually("the concert's refunds are done", async () => {
    const stats = await sale.admin("GET", `/concerts/${onSale.concertId}/stats`);
    return (succeeded(stats, 200)["cancellation"] as Members)["refundedAt"] ?? undefined;
  });
  assert.deepEqual(await reasonsOf(fan), {
    [passedOn]: ["VOID", "PASSED_ON"],
    [refunded]: ["VOID", "REFUNDED"],
    [kept]: ["VOID", "CANCELLED"],
  });
  assert.deepEqual(await reasonsOf(friend), { [passedOn]: ["VOID", "CANCELLED"] });
  const byOperator = async (ticketId: string): Promise<unknown> =>
    succeeded<HeldTicket & Members>(await sale.admin("GET", `/tickets/${ticketId}`), 200)
      .voidReason;
  assert.deepEqual(
    [await byOperator(passedOn), await byOperator(refunded), await byOperator(kept)],
    ["CANCELLED", "REFUNDED", "CANCELLED"],
  );
  // The operator's words are for the audit trail.
  for (const path of [`/concerts/${onSale.concertId}`, `/concerts/${onSale.concertId}/queue`])
    assert.ok(!(await sale.call({ path: `/api/v1${path}` })).text.includes("The singer is ill"));
  for (const { accessToken: token, userId } of [fan, friend])
    assert.ok(
      !(await sale.call({ path: `/api/v1/users/${userId}/tickets`, token })).text.includes(
        "singer",
      ),
    );
});

test("a seat of a void ticket can have another valid one, and only one", async () => {
  const onSale = await sale.onSale();
  const fan = await sale.fan({ balance: 5_000 });
  await buy(sale, fan, onSale, [9]);
  const again = `insert into ticket (ticket_id, payment_id, concert_id, date, seat_number)
    select gen_random_uuid(), payment_id, concert_id, date, seat_number from ticket where concert_id = $1 limit 1`;
  const refusal = { constraint: "ticket_once_per_seat" };
  await assert.rejects(deployment.sql(again, [onSale.concertId]), refusal);
  await deployment.sql("update ticket set status = 'VOID' where concert_id = $1", [
    onSale.concertId,
  ]);
  await deployment.sql(again, [onSale.concertId]);
  await assert.rejects(deployment.sql(again, [onSale.concertId]), refusal);
});

test("the keys have one address, and caches keep them for an hour", async () => {
  const answer = await sale.call({ path: "/.well-known/ticket-keys.json" });
  assert.equal(answer.headers["cache-control"], "public, max-age=3600");
  const [key] = succeeded<{ keys: Record<string, string>[] }>(answer, 200).keys;
  assert.deepEqual(
    { ...key, x: key?.["x"]?.length },
    { kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", kid: "1", x: 43 },
  );
  refused(await sale.call({ path: "/.well-known/ticket-keys.json?a=1" }), "INVALID_REQUEST");
});
