import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Members } from "#test/support/client.ts";
import { smallHall } from "#test/support/halls.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, openDoor, ticketsOf, type CheckIn, type HeldTicket } from "#test/support/tickets.ts";
import { readTicketCode, type TicketKey } from "../../sdk/ticket-code.ts";
import { ed25519Codes } from "../../src/tickets/adapters/crypto/ed25519-codes.ts";

// A door with and without a network.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

const [first, second] = [dateIn(20), dateIn(21)];

const soldTo = async (seatNumbers: readonly number[]) => {
  const onSale = await sale.onSale({
    dates: [{ date: first }, { date: second }],
    seatingPlan: smallHall,
  });
  const fan = await sale.fan({ balance: 10_000 });
  await buy(sale, fan, onSale, seatNumbers);
  const tickets = await ticketsOf(sale, fan);
  return { onSale, fan, tickets, scan: openDoor(sale, onSale) };
};

test("a ticket is admitted once, and its holder reads it as USED without a code", async () => {
  const { onSale, fan, tickets, scan } = await soldTo([12]);
  const [ticket] = tickets as [HeldTicket];
  const checkInId = randomUUID();
  const { usedAt, ...admitted } = await scan({ code: ticket.code, gate: "North", checkInId });
  assert.deepEqual(admitted, {
    result: "ADMITTED",
    gate: "North",
    ticket: { ...ticket, status: "USED", code: null },
  });
  assert.ok(Math.abs(Date.parse(usedAt ?? "") - Date.now()) < 60_000, String(usedAt));
  assert.deepEqual(await scan({ code: ticket.code, gate: "North", checkInId }), {
    ...admitted,
    usedAt,
  });
  const again = await scan({ code: ticket.code, gate: "South" });
  assert.deepEqual(again, { ...admitted, result: "ALREADY_USED", usedAt });
  const [used] = (await ticketsOf(sale, fan)) as [HeldTicket];
  assert.deepEqual(used, { ...ticket, status: "USED", code: null });
  const { concertId } = onSale;
  const another = { checkInId, concertId, date: first, code: ticket.code, gate: "South" };
  refused(await sale.admin("POST", "/check-ins", another), "IDEMPOTENCY_KEY_REUSED");
});

test("a door refuses a code that is forged, old, of another show or void, each with its result", async () => {
  const { tickets, scan, onSale } = await soldTo([1, 2, 3]);
  const [third, other, one] = tickets as [HeldTicket, HeldTicket, HeldTicket];
  const foreign = ed25519Codes([{ id: 1, seed: randomBytes(32) }]);
  const forged = foreign.sign({ ticketId: one.ticketId as never, date: first, version: 1 });
  const nothing = { usedAt: null, gate: null };
  for (const code of [forged, one.ticketId, "https://example.org/\u0000\n", ""])
    assert.deepEqual(await scan({ code }), { result: "INVALID", ticket: null, ...nothing });
  assert.deepEqual(await scan({ ticketId: randomUUID() }), {
    result: "INVALID",
    ticket: null,
    ...nothing,
  });
  const wrong = await scan({ code: one.code, date: second });
  assert.deepEqual([wrong.result, wrong.ticket?.date], ["WRONG_DATE", first]);
  const elsewhere = openDoor(sale, await sale.onSale({ dates: [{ date: first }] }));
  assert.equal((await elsewhere({ code: one.code })).result, "WRONG_DATE");

  const { sql } = deployment;
  await sql("update ticket set version = 2 where ticket_id = $1", [other.ticketId]);
  assert.equal((await scan({ code: other.code })).result, "VOID");
  await sql("update ticket set status = 'VOID', version = 2 where ticket_id = $1", [
    third.ticketId,
  ]);
  assert.equal((await scan({ ticketId: third.ticketId })).result, "VOID");
  assert.equal((await scan({ ticketId: other.ticketId })).result, "ADMITTED");
  assert.equal((await scan({ code: other.code })).result, "VOID");
  const dateIs = `/concerts/${onSale.concertId}/dates/2001-01-01/check-in-list`;
  refused(await sale.admin("GET", dateIs), "DATE_NOT_FOUND");
});

test("a scanner without a network admits by its list and the keys, and sends its scans later", async () => {
  const { onSale, tickets, scan } = await soldTo([5, 41, 90]);
  const path = `/concerts/${onSale.concertId}/dates/${first}/check-in-list`;
  const pageAt = async (cursor: string) =>
    succeeded<{ items: Members[]; nextCursor: string | null }>(
      await sale.admin("GET", `${path}?limit=2${cursor}`),
      200,
    );
  const early = await pageAt("");
  const late = await pageAt(`&cursor=${early.nextCursor}`);
  assert.equal(late.nextCursor, null);
  const list = [...early.items, ...late.items];
  const expected = tickets.toReversed();
  assert.deepEqual(
    list,
    expected.map(({ ticketId, section, row, name, seatNumber, grade, status }) => ({
      ...{ ticketId, section, row, name, seatNumber, grade, status },
      version: 1,
      holderName: null,
      usedAt: null,
      gate: null,
    })),
  );
  const { keys } = succeeded<{ keys: TicketKey[] }>(
    await sale.call({ path: "/.well-known/ticket-keys.json" }),
    200,
  );
  const atMs = Date.now() - 60_000;
  const items = await Promise.all(
    expected.map(async ({ code }, index) => {
      const read = await readTicketCode(code ?? "", keys);
      assert.equal(read?.ticketId, list[index]?.["ticketId"]);
      return {
        checkInId: randomUUID(),
        concertId: onSale.concertId,
        date: first,
        code,
        gate: "West",
        at: new Date(atMs + index).toISOString(),
      };
    }),
  );
  // Meanwhile another door has admitted the second ticket online.
  const online = await scan({ code: expected[1]?.code, gate: "East" });
  const send = async () =>
    succeeded<{ items: CheckIn[] }>(await sale.admin("POST", "/check-ins", { items }), 200).items;
  const answers = await send();
  assert.deepEqual(
    answers.map(({ result, usedAt, gate }) => [result, usedAt, gate]),
    [
      ["ADMITTED", items[0]?.at, "West"],
      ["ALREADY_USED", online.usedAt, "East"],
      ["ADMITTED", items[2]?.at, "West"],
    ],
  );
  assert.deepEqual(await send(), answers);
  const now = succeeded<{ items: Members[] }>(await sale.admin("GET", path), 200).items;
  assert.deepEqual(
    now.map((it) => [it["status"], it["gate"]]),
    [
      ["USED", "West"],
      ["USED", "East"],
      ["USED", "West"],
    ],
  );
});

test("a list with one bad scan records none of its scans", async () => {
  const { onSale, tickets, scan } = await soldTo([7, 8]);
  const [one, other] = tickets as [HeldTicket, HeldTicket];
  const { concertId } = onSale;
  const item = (code: string | null, more: Members = {}) => ({
    ...{ checkInId: randomUUID(), concertId, date: first, code },
    ...more,
  });
  const send = (...items: Members[]) => sale.admin("POST", "/check-ins", { items });
  const known = randomUUID();
  await scan({ code: other.code, checkInId: known });
  refused(
    await send(item(one.code), item(one.code, { checkInId: known })),
    "IDEMPOTENCY_KEY_REUSED",
  );
  refused(await send(item(one.code), item(one.code, { date: "2001-01-01" })), "DATE_NOT_FOUND");
  refused(
    await send(item(one.code), { ...item(one.code), ticketId: one.ticketId }),
    "INVALID_REQUEST",
  );
  refused(await send(), "INVALID_REQUEST");
  refused(await send(...Array.from({ length: 501 }, () => item("x"))), "INVALID_REQUEST");
  refused(await sale.admin("POST", "/check-ins", {}), "INVALID_REQUEST");
  refused(await sale.admin("POST", "/check-ins", item(null, { items: [] })), "INVALID_REQUEST");
  assert.equal((await scan({ code: one.code })).result, "ADMITTED");
});

test("five hundred scans are answered in one request", async () => {
  const { onSale, tickets } = await soldTo([30]);
  const { concertId } = onSale;
  const items = Array.from({ length: 500 }, () => ({
    ...{ checkInId: randomUUID(), concertId, date: first, code: tickets[0]?.code },
  }));
  const answer = await sale.admin("POST", "/check-ins", { items });
  const results = succeeded<{ items: CheckIn[] }>(answer, 200).items.map((it) => it.result);
  assert.deepEqual(results, ["ADMITTED", ...Array.from({ length: 499 }, () => "ALREADY_USED")]);
});
