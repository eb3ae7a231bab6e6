import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, test } from "node:test";
import { agreed, recordsOf } from "#test/support/books.ts";
import { refused, succeeded } from "#test/support/client.ts";
import { eventually } from "#test/support/concurrency.ts";
import { smallHall } from "#test/support/halls.ts";
import { refund, refundAsOperator } from "#test/support/refunds.ts";
import { openSale, type Fan, type OnSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, openDoor } from "#test/support/tickets.ts";

// The books of a concert as CSV files, as an operator downloads them.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { sql, operatorKey } = deployment;
const url = deployment.instances[0]?.url ?? assert.fail();
const headers = { authorization: `Bearer ${operatorKey}` };

const addressOf = ({ concertId }: Pick<OnSale, "concertId">, book: string): string =>
  `${url}/admin/v1/concerts/${concertId}/exports/${book}`;

const exported = async (onSale: Pick<OnSale, "concertId">, book: string) => {
  const answer = await fetch(addressOf(onSale, book), { headers });
  assert.equal(answer.status, 200);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], "a byte order mark");
  return { answer, records: recordsOf(new TextDecoder().decode(bytes)) };
};

const named = async (name: string): Promise<Fan> => {
  const made = await sale.call({ method: "POST", path: "/api/v1/users", body: { name } });
  const fan = succeeded<Fan & Record<string, string>>(made, 201);
  succeeded(await sale.charge(fan, 100_000), 201);
  return fan;
};

test("the tickets of a concert are a CSV file with seats and holders, and a name is no formula", async () => {
  const onSale = await sale.onSale({ seatingPlan: smallHall });
  const [korean, hostile] = [await named("김하늘"), await named('=HYPERLINK("http://x","클릭")')];
  const payment = await buy(sale, korean, onSale, [12, 41]);
  await buy(sale, hostile, onSale, [1]);
  const [first] = payment.tickets;
  await openDoor(sale, onSale)({ ticketId: first?.ticketId, gate: "A, north" });
  const { answer, records } = await exported(onSale, "tickets");
  assert.equal(answer.headers.get("content-type"), "text/csv; charset=utf-8; header=present");
  assert.equal(
    answer.headers.get("content-disposition"),
    `attachment; filename="tickets-${onSale.concertId}.csv"`,
  );
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(records.length, 3);
  const used = records.find((it) => it["ticketId"] === first?.ticketId) ?? assert.fail();
  const { usedAt, paidAt, ...facts } = used;
  assert.deepEqual(facts, {
    ticketId: first?.ticketId,
    status: "USED",
    date: onSale.dates[0],
    startsAt: `${onSale.dates[0]}T19:00:00.000Z`,
    section: "Stalls",
    row: "B",
    name: "2",
    seatNumber: "12",
    grade: "R",
    price: "500",
    currency: "KRW",
    holderId: korean.userId,
    holderName: "김하늘",
    buyerId: korean.userId,
    paymentId: payment.paymentId,
    gate: "A, north",
  });
  assert.ok(Date.parse(usedAt ?? "") > 0 && Date.parse(paidAt ?? "") > 0);
  const names = records.map((it) => it["holderName"]);
  assert.ok(names.includes(`'=HYPERLINK("http://x","클릭")`), names.join());
});

test("the payments and the ledger of a concert agree with its revenue, and the ledger sums to zero", async () => {
  const onSale = await sale.onSale({ price: 700 });
  const fans = [await sale.fan({ balance: 10_000 }), await sale.fan({ balance: 10_000 })];
  for (const [n, fan] of fans.entries()) await buy(sale, fan, onSale, [n + 1, n + 11]);
  const other = await sale.onSale();
  await buy(sale, await sale.fan({ balance: 10_000 }), other, [5]);

  const { records: payments } = await exported(onSale, "payments");
  assert.deepEqual(
    payments.map((it) => [it["userId"], it["seats"], it["amount"]]),
    fans.map(({ userId }) => [userId, "2", "1400"]),
  );
  const { records: ledger } = await exported(onSale, "ledger");
  const sumOf = (account: string): number =>
    ledger
      .filter((it) => it["account"] === account)
      .reduce((sum, it) => sum + Number(it["amount"]), 0);
  assert.equal(sumOf("WALLET") + sumOf("REVENUE"), 0);
  const stats = succeeded(await sale.admin("GET", `/concerts/${onSale.concertId}/stats`), 200);
  assert.deepEqual([sumOf("REVENUE"), stats["revenue"]], [2_800, 2_800]);
  const transfers = new Set(ledger.map((it) => it["transferId"]));
  assert.deepEqual(transfers, new Set(payments.map((it) => it["paymentId"])));
});

test("the payments say what was refunded and kept, and agree with the ledger after refunds and after the cancelling", async () => {
  const refunds = { until: 0, fees: [{ daysBefore: 365, percent: 10 }] };
  const onSale = await sale.onSale({ price: 705, policy: { refunds } });
  const fans = await sale.fans(3, { balance: 10_000 });
  const [first, second, third] = fans;
  assert.ok(first && second && third);
  const paid = [
    await buy(sale, first, onSale, [1, 2]),
    await buy(sale, first, onSale, [3]),
    await buy(sale, second, onSale, [11]),
    await buy(sale, third, onSale, [21]),
  ];
  const [both, , bySecond, byThird] = paid;
  const one = { body: { ticketIds: [both?.tickets[0]?.ticketId] } };
  succeeded(await refund(sale, first, both?.paymentId ?? "", one), 201);
  const operator = { ...onSale, token: operatorKey };
  const named = { paymentIds: [byThird?.paymentId] };
  succeeded(await refundAsOperator(sale, operator, named), 201);
  // The wallet of the second buyer has no room: the refund of the cancelled concert is booked as payable.
  await sql("update wallet set balance = 9007199254740991 where user_id = $1", [second.userId]);

  const read = async () => ({
    payments: (await exported(onSale, "payments")).records,
    ledger: (await exported(onSale, "ledger")).records,
  });
  const columns = (records: readonly Record<string, string>[]) =>
    records.map((it) => [it["paymentId"], it["amount"], it["refunded"], it["fees"]]);
  const before = await read();
  assert.deepEqual(columns(before.payments), [
    [both?.paymentId, "1410", "705", "70"],
    [paid[1]?.paymentId, "705", "0", "0"],
    [bySecond?.paymentId, "705", "0", "0"],
    [byThird?.paymentId, "705", "705", "0"],
  ]);
  assert.deepEqual(agreed(before.payments, before.ledger), {
    amount: 3_525,
    refunded: 1_410,
    fees: 70,
  });

  succeeded(
    await sale.admin("POST", `/concerts/${onSale.concertId}/cancel`, { reason: "Fire" }),
    200,
  );
  await eventually("all tickets are refunded", async () => {
    const stats = succeeded(await sale.admin("GET", `/concerts/${onSale.concertId}/stats`), 200);
    return (stats["cancellation"] as { refundedAt: string | null }).refundedAt ?? undefined;
  });
  const { payments, ledger } = await read();
  assert.deepEqual(agreed(payments, ledger), { amount: 3_525, refunded: 3_525, fees: 70 });
  assert.ok(payments.every((it) => it["refunded"] === it["amount"]));
  assert.deepEqual(
    ledger.filter((it) => it["account"] === "PAYABLE").map((it) => [it["userId"], it["amount"]]),
    [[second.userId, "705"]],
  );
});

test("the queue's journal of a concert has the admission and the end of each place", async () => {
  const onSale = await sale.onSale();
  const fan = await sale.fan({ balance: 10_000 });
  await buy(sale, fan, onSale, [5]);
  const { value: events } = await eventually("the journal is copied", async () => {
    const { records } = await exported(onSale, "queue");
    return records.length > 1 ? records : undefined;
  });
  assert.deepEqual(
    events.map((it) => [it["event"], it["userId"], it["placeSeq"]]),
    [
      ["ADMITTED", fan.userId, "1"],
      ["PAID", fan.userId, "1"],
    ],
  );
});

test("a concert without sales has files with a head only, and an unknown one is CONCERT_NOT_FOUND", async () => {
  const onSale = await sale.onSale();
  for (const book of ["tickets", "payments", "ledger", "queue"]) {
    assert.deepEqual((await exported(onSale, book)).records, []);
    const path = `/concerts/0199aaaa-0000-7000-8000-00000000000c/exports/${book}`;
    refused(await sale.admin("GET", path), "CONCERT_NOT_FOUND");
  }
  const { items } = succeeded<{ items: { action: string; actor: string; after: unknown }[] }>(
    await sale.admin("GET", `/audit?concertId=${onSale.concertId}`),
    200,
  );
  const downloads = items.filter(({ action }) => action === "export.downloaded");
  assert.deepEqual(
    downloads.map(({ actor, after: content }) => [actor, content]),
    ["queue", "ledger", "payments", "tickets"].map((book) => ["operator", { export: book }]),
  );
});

const transfers = 40_000;

/** A concert whose ledger has many entries: more than the buffers between the server and a client take. */
const longLedger = async (): Promise<OnSale> => {
  const onSale = await sale.onSale();
  await sql(
    `with made as (select gen_random_uuid() as transfer_id, n from generate_series(1, $2::int) n)
     insert into ledger_entry (entry_id, transfer_id, type, account, user_id, concert_id, amount, balance, created_at)
     select gen_random_uuid(), transfer_id, 'PAYMENT', account, gen_random_uuid(), $1::uuid, amount, balance, now()
     from made, (values ('WALLET', -100, 0), ('REVENUE', 100, null::int)) side (account, amount, balance)`,
    [onSale.concertId, transfers],
  );
  return onSale;
};

/** Made by the first test that needs it: a wait between two tests would let the runner end the file after the first. */
let made: ReturnType<typeof longLedger> | undefined;
const longSale = () => (made ??= longLedger());

/** Begins a download and stops reading after its first bytes. */
const begun = async (onSale: OnSale): Promise<http.IncomingMessage> => {
  const request = http.get(addressOf(onSale, "ledger"), { headers, agent: false });
  request.on("error", () => {});
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  response.on("error", () => {});
  await once(response, "readable");
  return response;
};

test("a file whose reading breaks off in the middle never looks like the whole", async () => {
  const long = await longSale();
  const response = await begun(long);
  const { value: ended } = await eventually("the reading has begun", async () => {
    const rows = await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'frontrow-export' and xact_start is not null`,
    );
    return rows.length > 0 ? rows : undefined;
  });
  assert.equal(ended.length, 1);
  const read = async (): Promise<void> => {
    for await (const chunk of response) void chunk;
  };
  await assert.rejects(read());
  assert.equal(response.complete, false);
});

test("a long file is whole and as of one moment, however slowly it is read; a third at once is UNAVAILABLE", async () => {
  const long = await longSale();
  const [slow, left] = [await begun(long), await begun(long)];
  const third = await sale.admin("GET", `/concerts/${long.concertId}/exports/ledger`);
  refused(third, "UNAVAILABLE");
  assert.ok(Number(third.headers["retry-after"]) > 0);
  await buy(sale, await sale.fan({ balance: 10_000 }), long, [5]);
  left.destroy();
  let text = "";
  for await (const chunk of slow.setEncoding("utf8")) text += String(chunk);
  const records = recordsOf(text);
  assert.equal(records.length, 2 * transfers);
  assert.equal(
    records.reduce((sum, it) => sum + Number(it["amount"]), 0),
    0,
  );
  const { value: now } = await eventually("the connections are free again", async () => {
    const answer = await fetch(addressOf(long, "ledger"), { headers });
    return answer.ok ? await answer.text() : undefined;
  });
  assert.equal(recordsOf(now).length, 2 * transfers + 2);
});
