import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { hasMembers, openClient, refused, succeeded, type Members } from "#test/support/client.ts";
import { eventually } from "#test/support/concurrency.ts";
import { members } from "#test/support/contract.ts";
import { dateIn, openSale, type Fan, type OnSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import {
  buy,
  cancelTransfer,
  claim,
  offer,
  openDoor,
  ticketsOf,
  type HeldTicket,
  type Transfer,
} from "#test/support/tickets.ts";

// A ticket on its way from one user to another, over HTTP.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

const usual = { until: 24, perTicket: 2 };

/** A fan with one ticket of a concert with the rule, and two other users. */
const withTicket = async (transfers: Members | null = usual) => {
  const onSale = await sale.onSale({ policy: { transfers } });
  const fan = await sale.fan({ balance: 5_000 });
  await buy(sale, fan, onSale, [7]);
  const [ticket] = (await ticketsOf(sale, fan)) as [HeldTicket];
  const [friend, other] = (await sale.fans(2)) as [Fan, Fan];
  return { onSale, fan, friend, other, ticket, ticketId: ticket.ticketId };
};

const offered = async (fan: Fan, ticketId: string): Promise<Transfer> =>
  succeeded<Transfer>(await offer(sale, fan, ticketId), 201);
const claimed = async (fan: Fan, code: string): Promise<HeldTicket> =>
  succeeded<HeldTicket>(await claim(sale, fan, code), 200);
const read = async (fan: Fan, ticketId: string): Promise<HeldTicket> =>
  succeeded<HeldTicket>(
    await sale.call({ path: `/api/v1/tickets/${ticketId}`, token: fan.accessToken }),
    200,
  );
const setRule = async ({ concertId }: OnSale, transfers: Members | null) =>
  succeeded(await sale.admin("PATCH", `/concerts/${concertId}/policy`, { transfers }), 200);

const notTransferable = async (fan: Fan, ticketId: string, reason: string): Promise<void> => {
  const problem = refused(await offer(sale, fan, ticketId), "NOT_TRANSFERABLE");
  assert.equal(problem["reason"], reason);
};

test("a ticket stays the holder's until it is claimed; then it is the recipient's, by a code of its own", async () => {
  const { onSale, fan, friend, ticket, ticketId } = await withTicket();
  const answer = await offer(sale, fan, ticketId);
  hasMembers(answer.body, members.transfer);
  const { transferId, claim: code, expiresAt } = succeeded<Transfer>(answer, 201);
  assert.match(code, /^[\w-]{32}$/, "24 random bytes");
  const dayMs = 86_400_000;
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 7 * dayMs) < 60_000, expiresAt);
  assert.deepEqual(await read(fan, ticketId), { ...ticket, transfer: { transferId, expiresAt } });
  assert.equal(Date.parse(ticket.transferableUntil ?? ""), Date.parse(ticket.startsAt) - dayMs);
  assert.deepEqual(await ticketsOf(sale, friend), []);

  const got = await claimed(friend, code);
  hasMembers(got, members.heldTicket);
  const holder = { userId: friend.userId, name: null };
  assert.deepEqual(got, { ...ticket, holder, code: got.code });
  assert.notEqual(got.code, ticket.code);
  assert.deepEqual(await ticketsOf(sale, friend), [got]);
  const voided = { status: "VOID", voidReason: "PASSED_ON", code: null, transferableUntil: null };
  const gone = { ...ticket, ...voided };
  assert.deepEqual(await read(fan, ticketId), gone);
  assert.deepEqual(await ticketsOf(sale, fan), [gone]);

  const scan = openDoor(sale, onSale);
  assert.equal((await scan({ code: ticket.code })).result, "VOID", "a screenshot opens no door");
  const door = await scan({ code: got.code });
  assert.deepEqual([door.result, door.ticket?.holder.userId], ["ADMITTED", friend.userId]);
  assert.equal((await read(fan, ticketId)).status, "VOID");
});

test("the same recipient may claim again, and no other user can", async () => {
  const { fan, friend, other, ticketId } = await withTicket();
  const { claim: code, transferId } = await offered(fan, ticketId);
  const got = await claimed(friend, code);
  assert.deepEqual(await claimed(friend, code), got);
  for (const user of [other, fan]) refused(await claim(sale, user, code), "TRANSFER_CLAIMED");
  refused(await cancelTransfer(sale, fan, transferId), "TRANSFER_CLAIMED");
  const next = await offered(friend, ticketId);
  await claimed(other, next.claim);
  const again = await claimed(friend, code);
  assert.deepEqual([again.status, again.code], ["VOID", null], "passed on since");
});

test("a ticket comes back to a former holder as a valid one", async () => {
  const { fan, friend, ticket, ticketId } = await withTicket();
  await claimed(friend, (await offered(fan, ticketId)).claim);
  const back = await claimed(fan, (await offered(friend, ticketId)).claim);
  const spent = { code: null, transferableUntil: null };
  assert.deepEqual(
    { ...back, code: null },
    { ...ticket, ...spent },
    "passed on as often as it may",
  );
  assert.deepEqual(await ticketsOf(sale, fan), [back]);
  assert.equal((await read(friend, ticketId)).status, "VOID");
});

test("a wrong, cancelled, replaced or expired code is TRANSFER_NOT_FOUND", async () => {
  const { fan, friend, other, ticketId } = await withTicket();
  for (const code of ["x", "ü", "0".repeat(200), randomUUID()])
    refused(await claim(sale, friend, code), "TRANSFER_NOT_FOUND");
  for (const code of ["", "0".repeat(201), 7])
    refused(await claim(sale, friend, code as string), "INVALID_REQUEST");
  const replaced = await offered(fan, ticketId);
  const pending = await offered(fan, ticketId);
  refused(await claim(sale, friend, replaced.claim), "TRANSFER_NOT_FOUND");
  refused(await cancelTransfer(sale, fan, replaced.transferId), "TRANSFER_NOT_FOUND");
  refused(await cancelTransfer(sale, other, pending.transferId), "TRANSFER_NOT_FOUND");
  refused(await cancelTransfer(sale, fan, randomUUID()), "TRANSFER_NOT_FOUND");
  for (let n = 0; n < 2; n += 1)
    succeeded(await cancelTransfer(sale, fan, pending.transferId), 204);
  refused(await claim(sale, friend, pending.claim), "TRANSFER_NOT_FOUND");
  assert.equal((await read(fan, ticketId)).transfer, null);
  const late = await offered(fan, ticketId);
  await deployment.sql(
    "update ticket_transfer set expires_at = clock_timestamp() where transfer_id = $1",
    [late.transferId],
  );
  refused(await claim(sale, friend, late.claim), "TRANSFER_NOT_FOUND");
  assert.equal((await read(fan, ticketId)).transfer, null);
});

test("a ticket that cannot be passed on is NOT_TRANSFERABLE with the reason", async () => {
  const none = await withTicket(null);
  await notTransferable(none.fan, none.ticketId, "policy");
  const { onSale, fan, friend, other, ticketId } = await withTicket({ until: 24, perTicket: 1 });
  refused(await offer(sale, friend, ticketId), "TICKET_NOT_FOUND");
  refused(await offer(sale, fan, randomUUID()), "TICKET_NOT_FOUND");
  const own = await offered(fan, ticketId);
  const problem = refused(await claim(sale, fan, own.claim), "NOT_TRANSFERABLE");
  assert.equal(problem["reason"], "own");
  await claimed(friend, own.claim);
  await notTransferable(friend, ticketId, "limit");
  await notTransferable(fan, ticketId, "void");
  await setRule(onSale, { until: 8_760, perTicket: 2 });
  await notTransferable(friend, ticketId, "time");
  await setRule(onSale, usual);
  const pending = await offered(friend, ticketId);
  await setRule(onSale, null);
  const ended = refused(await claim(sale, other, pending.claim), "NOT_TRANSFERABLE");
  assert.equal(ended["reason"], "policy");
  await setRule(onSale, usual);
  await openDoor(sale, onSale)({ ticketId });
  await notTransferable(friend, ticketId, "used");
});

test("a code ends when the rule lets no ticket be passed on any more", async () => {
  const onSale = await sale.onSale({
    dates: [{ date: dateIn(3) }],
    policy: { transfers: { until: 2, perTicket: 1 } },
  });
  const fan = await sale.fan({ balance: 5_000 });
  await buy(sale, fan, onSale, [1]);
  const [ticket] = (await ticketsOf(sale, fan)) as [HeldTicket];
  const { expiresAt } = await offered(fan, ticket.ticketId);
  assert.equal(Date.parse(expiresAt), Date.parse(ticket.startsAt) - 2 * 3_600_000);
});

test("a check-in and a refund end a pending transfer", async () => {
  const used = await withTicket();
  const first = await offered(used.fan, used.ticketId);
  await openDoor(sale, used.onSale)({ code: used.ticket.code });
  refused(await claim(sale, used.friend, first.claim), "TRANSFER_NOT_FOUND");
  const after = await read(used.fan, used.ticketId);
  assert.deepEqual([after.status, after.transfer], ["USED", null]);
  succeeded(await cancelTransfer(sale, used.fan, first.transferId), 204);

  const refunded = await withTicket();
  const second = await offered(refunded.fan, refunded.ticketId);
  await deployment.sql(
    "update ticket set status = 'VOID', version = version + 1 where ticket_id = $1",
    [refunded.ticketId],
  );
  refused(await claim(sale, refunded.friend, second.claim), "TRANSFER_NOT_FOUND");
});

test("operators read all holders of a ticket, and the audit trail has each change of hands", async () => {
  const { onSale, fan, friend, other, ticketId } = await withTicket();
  const hops = [await offered(fan, ticketId)];
  await claimed(friend, hops[0]?.claim ?? "");
  hops.push(await offered(friend, ticketId));
  const got = await claimed(other, hops[1]?.claim ?? "");
  const history = succeeded<HeldTicket & { holders: (Members & { since: string })[] }>(
    await sale.admin("GET", `/tickets/${ticketId}`),
    200,
  );
  const { holders, ...ticket } = history;
  assert.deepEqual(ticket, { ...got, code: null });
  assert.deepEqual(
    holders.map(({ since: _, ...holder }) => holder),
    [
      { userId: fan.userId, name: null, transferId: null },
      { userId: friend.userId, name: null, transferId: hops[0]?.transferId },
      { userId: other.userId, name: null, transferId: hops[1]?.transferId },
    ],
  );
  const since = holders.map((it) => it.since);
  assert.deepEqual(since, since.toSorted());
  refused(await sale.admin("GET", `/tickets/${randomUUID()}`), "TICKET_NOT_FOUND");

  const { items } = succeeded<{ items: Members[] }>(
    await sale.admin("GET", `/audit?concertId=${onSale.concertId}&limit=2`),
    200,
  );
  const seat = { ticketId, date: onSale.dates[0], seats: [7] };
  assert.deepEqual(
    items.map(({ at: _, ...entry }) => entry),
    [
      [friend, other],
      [fan, friend],
    ].map(([from, to]) => ({
      actor: `user:${to?.userId}`,
      action: "ticket.transferred",
      concertId: onSale.concertId,
      before: { userId: from?.userId },
      after: { userId: to?.userId, ...seat },
    })),
  );
});

test("the database has the hash of a claim code only, and no answer but the first has the code", async () => {
  const { fan, ticketId } = await withTicket();
  const { claim: code } = await offered(fan, ticketId);
  const rows = await deployment.sql("select ticket_transfer::text as row from ticket_transfer");
  const audit = await deployment.sql("select audit::text as row from audit");
  const texts = JSON.stringify([rows, audit, await read(fan, ticketId)]);
  assert.ok(rows.length > 0 && !texts.includes(code));
  for (const { output } of deployment.instances) assert.ok(!output().includes(code));
});

test("after many wrong codes a right one gets 429 too, on every instance", async () => {
  const limited = { FAILED_KEYS_PER_ADDRESS: "3" };
  const urls = [await deployment.add(limited), await deployment.add(limited)].map(({ url }) => url);
  const there = openSale({ ...deployment, client: openClient(urls) });
  const { fan, friend, other, ticketId } = await withTicket();
  const { claim: code } = await offered(fan, ticketId);
  for (let n = 0; n < 3; n += 1)
    refused(await claim(there, other, `wrong ${n}`, 0), "TRANSFER_NOT_FOUND");
  const refusal = await claim(there, friend, code, 0);
  refused(refusal, "RATE_LIMITED");
  assert.ok(Number(refusal.headers["retry-after"]) >= 1);
  await eventually("the instances share their counts", async () => {
    const { status } = await claim(there, other, "wrong again", 1);
    return status === 429 || undefined;
  });
  refused(await claim(there, friend, code, 1), "RATE_LIMITED");
  succeeded(await claim(sale, friend, code), 200);
});
