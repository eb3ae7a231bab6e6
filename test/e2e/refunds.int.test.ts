import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { hasMembers, refused, succeeded, type Members } from "#test/support/client.ts";
import { eventually } from "#test/support/concurrency.ts";
import { members } from "#test/support/contract.ts";
import { stateDigest, sweep } from "#test/support/invariants.ts";
import { freeRefunds, refund, refundAsOperator, type Refund } from "#test/support/refunds.ts";
import { dateIn, openSale, type Fan, type Payment } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, claim, offer, openDoor, ticketsOf, type Transfer } from "#test/support/tickets.ts";

// Refunds by buyers and operators, on two instances.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const token = deployment.operatorKey;

const allSeats = Array.from({ length: 50 }, (_, n) => n + 1);

const ids = ({ tickets }: Payment): string[] => tickets.map(({ ticketId }) => ticketId);

const entriesOf = async ({ userId, accessToken }: Fan): Promise<Members[]> =>
  succeeded<{ items: Members[] }>(
    await sale.call({ path: `/api/v1/users/${userId}/balance/entries`, token: accessToken }),
    200,
  ).items;

const offerOf = async ({ accessToken }: Fan, { paymentId }: Payment): Promise<Members> =>
  succeeded(
    await sale.call({ path: `/api/v1/payments/${paymentId}/refund-offer`, token: accessToken }),
    200,
  );

const statsOf = async (concertId: string): Promise<Members> =>
  succeeded(await sale.admin("GET", `/concerts/${concertId}/stats`), 200);

/** A fan who has bought seats of a new sale at 999 each. */
const bought = async (refunds: Members | null, seatNumbers = [1, 2, 3]) => {
  const transfers = { until: 1, perTicket: 1 };
  const onSale = await sale.onSale({ price: 999, policy: { refunds, transfers } });
  const fan = await sale.fan({ balance: 10_000 });
  return { onSale, fan, payment: await buy(sale, fan, onSale, seatNumbers) };
};

/** Passes a ticket of the fan on to another user, whom it returns. */
const passedOn = async (fan: Fan, ticketId: string): Promise<Fan> => {
  const other = await sale.fan();
  const offered = succeeded<Transfer>(await offer(sale, fan, ticketId), 201);
  succeeded(await claim(sale, other, offered.claim), 200);
  return other;
};

test("a buyer refunds one of three tickets: the price less the fee, rounded down, and the seat is free", async () => {
  const fees = [
    { daysBefore: 31, percent: 10 },
    { daysBefore: 5, percent: 50 },
  ];
  const { onSale, fan, payment } = await bought({ until: 24, fees });
  const [first = "", second, third] = ids(payment);
  const offer = await offerOf(fan, payment);
  const offered = { amount: 999, fee: 99, reason: null };
  assert.deepEqual(
    offer["tickets"],
    [first, second, third].toSorted().map((ticketId) => ({ ticketId, ...offered })),
  );
  assert.equal(offer["reason"], null);
  assert.equal(offer["refundableUntil"], `${dateIn(29)}T19:00:00.000Z`);

  const body = { ticketIds: [first] };
  const made = succeeded<Refund>(await refund(sale, fan, payment.paymentId, { body }), 201);
  hasMembers(made, members.refund);
  const { refundId, refundedAt: _, ...rest } = made;
  assert.deepEqual(rest, {
    ...{ paymentId: payment.paymentId, ticketIds: [first], amount: 999, fee: 99, payable: 0 },
    ...{ balance: 10_000 - 3 * 999 + 900, currency: "KRW" },
  });
  assert.equal(await sale.balanceOf(fan), made.balance);
  const [fee, back] = await entriesOf(fan);
  assert.deepEqual([fee?.["type"], fee?.["amount"], fee?.["referenceId"]], ["FEE", -99, refundId]);
  assert.deepEqual(
    [back?.["type"], back?.["amount"], back?.["referenceId"]],
    ["REFUND", 999, refundId],
  );

  const ticket = (await ticketsOf(sale, fan)).find(({ ticketId }) => ticketId === first);
  assert.deepEqual([ticket?.status, ticket?.code], ["VOID", null]);
  const path = `/api/v1/payments/${payment.paymentId}/refunds`;
  const listed = await sale.call({ path, token: fan.accessToken });
  assert.deepEqual(succeeded<Members>(listed, 200), { items: [made], nextCursor: null });

  const place = await sale.admitted(await sale.fan({ balance: 1000 }), onSale.concertId);
  const seat = { date: onSale.dates[0] ?? "", seatNumbers: [1] };
  const held = await sale.reserved(place, seat);
  succeeded(await sale.pay(place, held.reservationId), 201);
  await sweep(deployment.sql);
});

test("without ticketIds all tickets that are left are refunded, and the buyer may buy as many again", async () => {
  const { onSale, fan, payment } = await bought(freeRefunds, [1, 2, 3, 4]);
  const [first] = ids(payment);
  succeeded(await refund(sale, fan, payment.paymentId, { body: { ticketIds: [first] } }), 201);
  const rest = succeeded<Refund>(await refund(sale, fan, payment.paymentId), 201);
  assert.deepEqual(rest.ticketIds.toSorted(), ids(payment).slice(1).toSorted());
  assert.deepEqual([rest.amount, rest.fee, rest.balance], [3 * 999, 0, 10_000]);
  const again = await buy(sale, fan, onSale, [1, 2, 3, 5]);
  assert.equal(again.tickets.length, 4);
  const path = `/api/v1/payments/${payment.paymentId}/refunds?limit=1`;
  const page = succeeded<{ items: Refund[]; nextCursor: string }>(
    await sale.call({ path, token: fan.accessToken }),
    200,
  );
  assert.equal(page.items[0]?.refundId, rest.refundId);
  const next = await sale.call({
    path: `${path}&cursor=${page.nextCursor}`,
    token: fan.accessToken,
  });
  assert.deepEqual(succeeded<{ items: Refund[] }>(next, 200).items[0]?.ticketIds, [first]);
});

test("NOT_REFUNDABLE has the reason: policy, time, used, void; and nothing changes", async () => {
  const closed = await bought(null, [1]);
  const late = await bought({ until: 24 * 40, fees: [] }, [1]);
  const used = await bought(freeRefunds, [1, 2]);
  const [inside] = ids(used.payment);
  await openDoor(sale, used.onSale)({ ticketId: inside });
  const gone = await bought(freeRefunds, [1]);
  succeeded(await refund(sale, gone.fan, gone.payment.paymentId), 201);
  const before = await stateDigest(deployment.sql);
  for (const [reason, { fan, payment }, ticketIds] of [
    ["policy", closed, ids(closed.payment)],
    ["time", late, ids(late.payment)],
    ["used", used, [inside]],
    ["void", gone, ids(gone.payment)],
  ] as const) {
    const problem = refused(await refund(sale, fan, payment.paymentId), "NOT_REFUNDABLE");
    assert.deepEqual([problem["reason"], problem["ticketIds"]], [reason, ticketIds]);
  }
  assert.equal((await offerOf(closed.fan, closed.payment))["reason"], "policy");
  assert.equal((await offerOf(late.fan, late.payment))["reason"], "time");
  assert.equal(await stateDigest(deployment.sql), before);
});

test("a ticket that was passed on is not refundable for its buyer", async () => {
  const { fan, payment } = await bought(freeRefunds, [1]);
  const [ticketId = ""] = ids(payment);
  const other = await passedOn(fan, ticketId);
  const problem = refused(await refund(sale, fan, payment.paymentId), "NOT_REFUNDABLE");
  assert.equal(problem["reason"], "transferred");
  refused(await refund(sale, other, payment.paymentId), "PAYMENT_NOT_FOUND");
});

test("another user's payment, an unknown one, and a ticket of another payment are not found", async () => {
  const { fan, payment, onSale } = await bought(freeRefunds, [1]);
  const stranger = await sale.fan({ balance: 1000 });
  const other = await buy(sale, stranger, onSale, [2]);
  for (const [who, paymentId] of [
    [stranger, payment.paymentId],
    [fan, randomUUID()],
  ] as const) {
    refused(await refund(sale, who, paymentId), "PAYMENT_NOT_FOUND");
    for (const path of ["refunds", "refund-offer"]) {
      const full = `/api/v1/payments/${paymentId}/${path}`;
      refused(await sale.call({ path: full, token: who.accessToken }), "PAYMENT_NOT_FOUND");
    }
  }
  const body = { ticketIds: [...ids(payment), ...ids(other)] };
  refused(await refund(sale, fan, payment.paymentId, { body }), "TICKET_NOT_FOUND");
  for (const wrong of [{ ticketIds: [] }, { ticketIds: ["x"] }, { fee: 0 }])
    refused(await refund(sale, fan, payment.paymentId, { body: wrong }), "INVALID_REQUEST");
});

test("a repeated key gets the stored refund on either instance, and another body with it is refused", async () => {
  const { fan, payment } = await bought(freeRefunds, [1, 2]);
  const [first, second] = ids(payment);
  const key = randomUUID();
  const body = { ticketIds: [first] };
  const one = await refund(sale, fan, payment.paymentId, { body, key, on: 0 });
  const again = await refund(sale, fan, payment.paymentId, { body, key, on: 1 });
  assert.equal(succeeded(again, 201) && again.text, one.text);
  assert.equal(again.headers["idempotent-replayed"], "true");
  const other = { body: { ticketIds: [second] }, key };
  refused(await refund(sale, fan, payment.paymentId, other), "IDEMPOTENCY_KEY_REUSED");
  const path = `/api/v1/payments/${payment.paymentId}/refunds`;
  const unkeyed = { method: "POST", path, token: fan.accessToken, body: {} };
  refused(await sale.call(unkeyed), "IDEMPOTENCY_KEY_REQUIRED");
});

test("a refund that the balance has no room for is payable, and the balance stays", async () => {
  const { fan, payment } = await bought(
    { until: 0, fees: [{ daysBefore: 365, percent: 10 }] },
    [1],
  );
  // As if charged up to the limit: 2^53 - 1, of which 500 are free.
  const full = 2 ** 53 - 1 - 500;
  const transfer = randomUUID();
  await deployment.sql(
    `with wallet as (update wallet set balance = $3::int8 where user_id = $1 returning user_id)
     insert into ledger_entry (entry_id, transfer_id, type, account, user_id, amount, balance, created_at)
     select gen_random_uuid(), $2, 'CHARGE', side.account, user_id, side.sign * ($3::int8 - $4::int8),
       case when side.sign = 1 then $3::int8 end, now()
     from wallet, (values ('WALLET', 1), ('CASH', -1)) as side (account, sign) order by side.sign desc`,
    [fan.userId, transfer, full, 10_000 - 999],
  );
  const made = succeeded<Refund>(await refund(sale, fan, payment.paymentId), 201);
  assert.deepEqual([made.amount, made.fee, made.payable, made.balance], [999, 99, 900, full]);
  assert.equal(await sale.balanceOf(fan), full);
  await sweep(deployment.sql);
});

test("revenue, sold seats and sales follow a refund, and the fee stays revenue", async () => {
  const { onSale, fan, payment } = await bought(
    { until: 0, fees: [{ daysBefore: 365, percent: 10 }] },
    [1, 2],
  );
  const [first] = ids(payment);
  succeeded(await refund(sale, fan, payment.paymentId, { body: { ticketIds: [first] } }), 201);
  await eventually("one seat is sold", async () => {
    const { seatsSold, revenue } = await statsOf(onSale.concertId);
    return seatsSold === 1 && revenue === 999 + 99 ? true : undefined;
  });
  const sales = await sale.admin("GET", `/concerts/${onSale.concertId}/sales`);
  const [grade] = succeeded<{ items: Members[] }>(sales, 200).items;
  assert.deepEqual([grade?.["seatsSold"], grade?.["revenue"]], [1, 999]);
});

test("a queue that is sold out sells the seat of a refund on every instance", async () => {
  const policy = { refunds: freeRefunds, maxSeatsPerUser: 50, maxSeatsPerReservation: 50 };
  const grades = [{ name: "R", price: 10, seats: [1, 50] }];
  const onSale = await sale.onSale({ grades, policy });
  const fan = await sale.fan({ balance: 10_000 });
  const payment = await buy(sale, fan, onSale, allSeats);
  const reads = async (state: string): Promise<true | undefined> => {
    const path = `/api/v1/concerts/${onSale.concertId}/queue`;
    const answers = await Promise.all([0, 1].map((on) => sale.call({ path, on })));
    return answers.every((one) => succeeded<Members>(one, 200)["state"] === state) || undefined;
  };
  await eventually("the sale is sold out", () => reads("SOLD_OUT"));
  const [first] = ids(payment);
  succeeded(await refund(sale, fan, payment.paymentId, { body: { ticketIds: [first] } }), 201);
  await eventually("the queue is open", () => reads("OPEN"));
  const late = await sale.fan({ balance: 10_000 });
  await eventually("each instance gives places again", async () => {
    const answers = await Promise.all([0, 1].map((on) => sale.join(late, onSale.concertId, on)));
    return answers.every(({ status }) => status !== 409) || undefined;
  });
  assert.equal((await buy(sale, late, onSale, [1])).tickets.length, 1);
});

test("a user whose tickets are all refunded can close the account once the balance is spent", async () => {
  const onSale = await sale.onSale({ price: 1000, policy: { refunds: freeRefunds } });
  const fan = await sale.fan({ balance: 1000 });
  const payment = await buy(sale, fan, onSale, [1]);
  const erase = () =>
    sale.call({ method: "DELETE", path: "/api/v1/users/me", token: fan.accessToken });
  assert.match(String(refused(await erase(), "ACCOUNT_NOT_EMPTY")["detail"]), /ticket/);
  succeeded(await refund(sale, fan, payment.paymentId), 201);
  assert.match(String(refused(await erase(), "ACCOUNT_NOT_EMPTY")["detail"]), /1,?000/);
  await buy(sale, fan, await sale.onSale({ price: 1000 }), [1]);
  const { sql } = deployment;
  await sql("update show set starts_at = now() - interval '1 s' where concert_id <> $1", [
    onSale.concertId,
  ]);
  assert.equal((await erase()).status, 204);
});

test("an operator refunds in full, whatever the policy says, also used tickets and ones that were passed on, to the payer", async () => {
  const { onSale, fan, payment } = await bought(null, [1, 2, 3]);
  const [inside = "", passed = "", third = ""] = ids(payment);
  await openDoor(sale, onSale)({ ticketId: inside });
  await passedOn(fan, passed);
  const { concertId } = onSale;
  const some = await refundAsOperator(sale, { concertId, token }, { ticketIds: [inside, passed] });
  const first = succeeded<{ refunds: Refund[]; tickets: number; amount: number; done: boolean }>(
    some,
    201,
  );
  assert.deepEqual([first.tickets, first.amount, first.done], [2, 2 * 999, true]);
  assert.deepEqual(
    first.refunds.map(({ paymentId, fee, balance }) => [paymentId, fee, balance]),
    [[payment.paymentId, 0, 10_000 - 999]],
  );
  const key = randomUUID();
  const body = { paymentIds: [payment.paymentId] };
  const rest = await refundAsOperator(sale, { concertId, token }, body, { key, on: 0 });
  const { refunds } = succeeded<{ refunds: Refund[] }>(rest, 201);
  assert.deepEqual(refunds[0]?.ticketIds, [third]);
  const again = await refundAsOperator(sale, { concertId, token }, body, { key, on: 1 });
  assert.equal(again.text, rest.text);
  assert.equal(again.headers["idempotent-replayed"], "true");
  const more = { ...body, reason: "Other" };
  const reused = await refundAsOperator(sale, { concertId, token }, more, { key });
  refused(reused, "IDEMPOTENCY_KEY_REUSED");
  const none = refused(await refundAsOperator(sale, { concertId, token }, body), "NOT_REFUNDABLE");
  assert.equal(none["reason"], "void");
  assert.equal(await sale.balanceOf(fan), 10_000);
  assert.equal((await openDoor(sale, onSale)({ ticketId: third })).result, "VOID");
  const audit = await sale.admin("GET", `/audit?concertId=${concertId}`);
  const [entry] = succeeded<{ items: Members[] }>(audit, 200).items;
  assert.deepEqual(
    [entry?.["action"], entry?.["actor"], entry?.["after"]],
    ["tickets.refunded", "operator", { status: "VOID", amount: 999, reason: "Rain" }],
  );
  await sweep(deployment.sql);
});

test("an operator's request names exactly one of payments, tickets and all, each of the concert", async () => {
  const { onSale, payment } = await bought(freeRefunds, [1]);
  const { concertId } = onSale;
  const ticketIds = ids(payment);
  for (const body of [
    {},
    { all: true, ticketIds },
    { all: false },
    { ticketIds: [] },
    { ticketIds, reason: "" },
  ])
    refused(await refundAsOperator(sale, { concertId, token }, body), "INVALID_REQUEST");
  const many = { paymentIds: Array.from({ length: 101 }, () => randomUUID()) };
  refused(await refundAsOperator(sale, { concertId, token }, many), "INVALID_REQUEST");
  const other = { concertId: (await sale.onSale()).concertId, token };
  refused(await refundAsOperator(sale, other, { ticketIds }), "TICKET_NOT_FOUND");
  const paymentIds = [payment.paymentId];
  refused(await refundAsOperator(sale, other, { paymentIds }), "PAYMENT_NOT_FOUND");
  const nowhere = { concertId: randomUUID(), token };
  refused(await refundAsOperator(sale, nowhere, { all: true }), "CONCERT_NOT_FOUND");
  const path = `/admin/v1/concerts/${concertId}/refunds`;
  const unkeyed = { method: "POST", path, token, body: { all: true, reason: "Rain" } };
  refused(await sale.call(unkeyed), "IDEMPOTENCY_KEY_REQUIRED");
  const fan = await sale.fan();
  refused(
    await refundAsOperator(sale, { concertId, token: fan.accessToken }, { all: true }),
    "OPERATOR_KEY_INVALID",
  );
});

test("all tickets of a concert are refunded in steps; a repeat with the key returns the answer of the last", async () => {
  const policy = { maxSeatsPerUser: 50, maxSeatsPerReservation: 50 };
  const dates = [{ date: dateIn(30) }, { date: dateIn(31) }, { date: dateIn(32) }];
  const onSale = await sale.onSale({ dates, policy });
  const { concertId } = onSale;
  const buyers = await sale.fans(3, { balance: 50_000 });
  for (const [index, { date }] of dates.entries()) {
    await buy(sale, buyers[index] as Fan, { ...onSale, dates: [date] }, allSeats);
  }
  const key = randomUUID();
  const answer = await refundAsOperator(sale, { concertId, token }, { all: true }, { key });
  const total = { tickets: 150, amount: 150_000, currency: "KRW" };
  assert.deepEqual(succeeded(answer, 201), { refunds: [], ...total, done: true });
  const again = await refundAsOperator(sale, { concertId, token }, { all: true }, { key });
  assert.equal(again.text, answer.text);
  const other = succeeded<Members>(
    await refundAsOperator(sale, { concertId, token }, { all: true }),
    201,
  );
  assert.deepEqual([other["tickets"], other["done"]], [0, true]);
  for (const buyer of buyers) assert.equal(await sale.balanceOf(buyer), 50_000);
  await sweep(deployment.sql);
});

test("rules for refunds are part of the policy and of the concert that fans read", async () => {
  const { concertId } = await sale.onSale();
  const read = async () =>
    succeeded<Members>(await sale.call({ path: `/api/v1/concerts/${concertId}` }), 200)["refunds"];
  assert.equal(await read(), null);
  const refunds = { until: 24, fees: [{ daysBefore: 9, percent: 10 }] };
  const patch = (body: unknown) =>
    sale.admin("PATCH", `/concerts/${concertId}/policy`, { refunds: body });
  succeeded(await patch(refunds), 200);
  await eventually("every instance has the rules", async () =>
    JSON.stringify([await read(), await read()]) === JSON.stringify([refunds, refunds])
      ? true
      : undefined,
  );
  const twice = { until: 24, fees: [...refunds.fees, { daysBefore: 9, percent: 20 }] };
  for (const wrong of [
    { until: -1, fees: [] },
    { until: 1 },
    { until: 1, fees: [{}] },
    twice,
    "none",
  ])
    refused(await patch(wrong), "INVALID_REQUEST");
  succeeded(await patch(null), 200);
});
