import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { agreed, recordsOf } from "#test/support/books.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { eventually } from "#test/support/concurrency.ts";
import { freeRefunds, refund } from "#test/support/refunds.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import {
  buy,
  claim,
  offer,
  openDoor,
  ticketsOf,
  type CheckIn,
  type Transfer,
} from "#test/support/tickets.ts";
import { onList, reaches, soldOut } from "#test/support/waiting-list.ts";

// Two tickets from their sale to the cancelled concert, as buyers, a door and an operator see them, on two instances.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const price = 1_000;

const aRowOfTwo = {
  grades: [{ name: "R", price }],
  sections: [{ name: "Stalls", kind: "SEATED", grade: "R", rows: [{ name: "A", seats: [1, 2] }] }],
};

const book = async (concertId: string, name: string): Promise<Record<string, string>[]> => {
  const url = `${deployment.instances[1]?.url}/admin/v1/concerts/${concertId}/exports/${name}`;
  const headers = { authorization: `Bearer ${deployment.operatorKey}` };
  return recordsOf(await (await fetch(url, { headers })).text());
};

test("a ticket is passed on, another refunded and sold to the waiting list, both are scanned, and a cancelled concert pays all back", async () => {
  const onSale = await sale.onSale({
    seatingPlan: aRowOfTwo,
    policy: {
      waitingList: true,
      refunds: freeRefunds,
      transfers: { until: 0, perTicket: 1 },
    },
  });
  const { concertId, dates } = onSale;
  const [date = ""] = dates;
  const [buyer, friend, waiting] = await sale.fans(3, { balance: 5_000 });
  assert.ok(buyer && friend && waiting);

  const payment = await buy(sale, buyer, onSale, [1, 2]);
  const [first, second] = payment.tickets;
  assert.ok(first && second);
  await soldOut(sale, concertId);
  const place = await onList(sale, waiting, concertId);

  const screenshot = (await ticketsOf(sale, buyer)).find((it) => it.ticketId === first.ticketId);
  const offered = succeeded<Transfer>(await offer(sale, buyer, first.ticketId), 201);
  succeeded(await claim(sale, friend, offered.claim, 1), 200);

  const refunded = await refund(sale, buyer, payment.paymentId, {
    body: { ticketIds: [second.ticketId] },
  });
  assert.equal(succeeded<Members>(refunded, 201)["amount"], price);
  const { token } = await reaches(sale, place, "ACTIVE");
  const admitted = { ...place, queueToken: token };
  const held = await sale.reserved(admitted, { date, seatNumbers: [second.seatNumber] });
  succeeded(await sale.pay(admitted, held.reservationId), 201);

  const scan = openDoor(sale, onSale);
  const [passedOn] = await ticketsOf(sale, friend);
  const [fromList] = await ticketsOf(sale, waiting);
  assert.ok(passedOn && fromList);
  assert.equal((await scan({ code: screenshot?.code })).result, "VOID");
  assert.equal((await scan({ code: passedOn.code, gate: "North" })).result, "ADMITTED");
  // A scanner without a network sends its scans later: of a ticket of its own, and of one that another gate has admitted.
  const at = new Date(Date.now() - 60_000).toISOString();
  const items = [fromList, passedOn].map(({ code }) => ({
    ...{ checkInId: randomUUID(), concertId, date, code, gate: "South", at },
  }));
  const sent = await sale.admin("POST", "/check-ins", { items }, 1);
  const { items: answers } = succeeded<{ items: CheckIn[] }>(sent, 200);
  assert.deepEqual(
    answers.map(({ result, gate }) => [result, gate]),
    [
      ["ADMITTED", "South"],
      ["ALREADY_USED", "North"],
    ],
  );

  const day = await book(concertId, "tickets");
  assert.deepEqual(
    day
      .map(({ ticketId, status, holderId, gate }) => [ticketId, status, holderId, gate])
      .toSorted(),
    [
      [first.ticketId, "USED", friend.userId, "North"],
      [second.ticketId, "VOID", buyer.userId, ""],
      [fromList.ticketId, "USED", waiting.userId, "South"],
    ].toSorted(),
  );

  assert.deepEqual(agreed(await book(concertId, "payments"), await book(concertId, "ledger")), {
    amount: 3 * price,
    refunded: price,
    fees: 0,
  });

  succeeded(await sale.admin("POST", `/concerts/${concertId}/cancel`, { reason: "Rain" }), 200);
  await eventually("all tickets are refunded", async () => {
    const tickets = await book(concertId, "tickets");
    return tickets.every(({ status }) => status === "VOID") || undefined;
  });
  for (const fan of [buyer, friend, waiting]) assert.equal(await sale.balanceOf(fan), 5_000);

  const ledger = await book(concertId, "ledger");
  const payments = await book(concertId, "payments");
  assert.deepEqual(agreed(payments, ledger), { amount: 3 * price, refunded: 3 * price, fees: 0 });
  assert.deepEqual(
    payments.map(({ userId, seats, amount, refunded }) => [userId, seats, amount, refunded]),
    [
      [buyer.userId, "2", "2000", "2000"],
      [waiting.userId, "1", "1000", "1000"],
    ],
  );
  const sumOf = (entries: typeof ledger): number =>
    entries.reduce((sum, { amount }) => sum + Number(amount), 0);
  const revenue = ledger.filter(({ account }) => account === "REVENUE");
  assert.deepEqual(
    revenue.map(({ type, amount }) => [type, Number(amount)]),
    [
      ["PAYMENT", 2 * price],
      ["REFUND", -price],
      ["PAYMENT", price],
      ["REFUND", -price],
      ["REFUND", -price],
    ],
  );
  assert.deepEqual([sumOf(revenue), sumOf(ledger)], [0, 0]);
  for (const { userId } of [buyer, waiting])
    assert.equal(
      sumOf(ledger.filter((it) => it["userId"] === userId && it["account"] === "WALLET")),
      0,
    );
});
