import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { mapConcurrently, race, times } from "#test/support/concurrency.ts";
import { succeeded, verdict } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { openSale, patiently, type Fan } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import {
  buy,
  cancelTransfer,
  claim,
  offer,
  ticketsOf,
  type CheckIn,
  type HeldTicket,
  type Transfer,
} from "#test/support/tickets.ts";
import { eitherOr, exactlyWon } from "./checkers.ts";

// Tickets that change hands while something else happens to them, on three processes. Controls: checkers.test.ts.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

const trials = 12;
const onSale = await sale.onSale({
  policy: {
    maxSeatsPerUser: 50,
    maxSeatsPerReservation: 20,
    transfers: { until: 1, perTicket: 10 },
  },
});
/** The result of a scan, which its scanner sends again after 503. */
const scanned = async (code: string | null, on: number): Promise<string> => {
  const [date] = onSale.dates;
  const body = { checkInId: randomUUID(), concertId: onSale.concertId, date, code, gate: "North" };
  const answer = await patiently(() => sale.admin("POST", "/check-ins", body, on));
  return succeeded<CheckIn>(answer, 200).result;
};
const [rivals, recipient] = [await sale.fans(12), await sale.fan()];

/** Offered tickets, of seats that no other test has. */
const offeredTickets = async (firstSeat: number) => {
  const fan = await sale.fan({ balance: 100_000 });
  await buy(
    sale,
    fan,
    onSale,
    times(trials, (n) => firstSeat + n),
  );
  const tickets = await ticketsOf(sale, fan);
  const offers: (HeldTicket & { offered: Transfer })[] = [];
  for (const ticket of tickets)
    offers.push({ ...ticket, offered: succeeded(await offer(sale, fan, ticket.ticketId), 201) });
  return { fan, offers };
};

const holderOf = async (ticketId: string): Promise<string> => {
  const answer = await sale.admin("GET", `/tickets/${ticketId}`);
  return succeeded<HeldTicket>(answer, 200).holder.userId;
};

/** The verdict of a claim, as the checkers count it. */
const claimedBy = async (fan: Fan, code: string, on: number): Promise<string> => {
  const word = verdict(await patiently(() => claim(sale, fan, code, on)));
  return word === "200" ? "201" : word;
};

test("of twelve recipients who claim a ticket at once one gets it", async () => {
  const { offers } = await offeredTickets(1);
  for (const { ticketId, offered } of offers.slice(0, 5)) {
    const words = await race(
      rivals.map((rival, n) => () => claimedBy(rival, offered.claim, n % 3)),
    );
    assert.deepEqual(exactlyWon(words, 1, ["409 TRANSFER_CLAIMED"]), []);
    assert.equal(await holderOf(ticketId), rivals[words.indexOf("201")]?.userId);
  }
  const again = offers[5] as (typeof offers)[number];
  const words = await race(
    times(12, (n) => () => claimedBy(recipient, again.offered.claim, n % 3)),
  );
  assert.deepEqual(new Set(words), new Set(["201"]), "the same recipient, twelve times");
  await sweep(deployment.sql);
});

test("claim against cancel: the recipient has the ticket, or the transfer is cancelled", async () => {
  const { fan, offers } = await offeredTickets(13);
  const pairs = await mapConcurrently(offers, 4, async ({ offered }, n) => {
    const [claimed = "", cancelled = ""] = await race([
      () => claimedBy(recipient, offered.claim, n % 3),
      async () =>
        verdict(await patiently(() => cancelTransfer(sale, fan, offered.transferId, (n + 1) % 3))),
    ]);
    return [claimed, cancelled] as const;
  });
  const allowed = ["201 & 409 TRANSFER_CLAIMED", "404 TRANSFER_NOT_FOUND & 204"];
  assert.deepEqual(eitherOr(pairs, allowed), []);
  for (const [n, { ticketId }] of offers.entries())
    assert.equal(await holderOf(ticketId), pairs[n]?.[0] === "201" ? recipient.userId : fan.userId);
  await sweep(deployment.sql);
});

test("claim against a new offer: the ticket is the recipient's, or the old code is void", async () => {
  const { fan, offers } = await offeredTickets(25);
  const pairs = await mapConcurrently(offers, 4, async ({ ticketId, offered }, n) => {
    const [claimed = "", renewed = ""] = await race([
      () => claimedBy(recipient, offered.claim, n % 3),
      async () => verdict(await patiently(() => offer(sale, fan, ticketId, (n + 1) % 3))),
    ]);
    return [claimed, renewed] as const;
  });
  const allowed = ["201 & 409 NOT_TRANSFERABLE", "404 TRANSFER_NOT_FOUND & 201"];
  assert.deepEqual(eitherOr(pairs, allowed), []);
  await sweep(deployment.sql);
});

test("claim against check-in: the former holder is admitted, or the ticket has changed hands and the code is void", async () => {
  const { fan, offers } = await offeredTickets(37);
  const pairs = await mapConcurrently(offers, 4, async ({ code, offered }, n) => {
    const [claimed = "", admitted = ""] = await race([
      () => claimedBy(recipient, offered.claim, n % 3),
      () => scanned(code, (n + 1) % 3),
    ]);
    return [claimed, admitted] as const;
  });
  const allowed = ["201 & VOID", "404 TRANSFER_NOT_FOUND & ADMITTED"];
  assert.deepEqual(eitherOr(pairs, allowed), []);
  for (const [n, { ticketId }] of offers.entries())
    assert.equal(await holderOf(ticketId), pairs[n]?.[0] === "201" ? recipient.userId : fan.userId);
  await sweep(deployment.sql);
});
