import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Members } from "#test/support/client.ts";
import { eventually } from "#test/support/concurrency.ts";
import { refund } from "#test/support/refunds.ts";
import { dateIn, openSale, type Fan } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, claim, offer, type Transfer } from "#test/support/tickets.ts";

// Operators find concerts and users, and read everything about a user.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { sql } = deployment;

interface List {
  readonly items: Members[];
  readonly nextCursor: string | null;
}

const page = async (path: string): Promise<List> =>
  succeeded<List & Members>(await sale.admin("GET", path), 200);

/** All pages of a list. */
const all = async (path: string): Promise<Members[]> => {
  const items: Members[] = [];
  for (let cursor = ""; ;) {
    const read = await page(`${path}${cursor}`);
    items.push(...read.items);
    if (read.nextCursor === null) return items;
    cursor = `&cursor=${encodeURIComponent(read.nextCursor)}`;
  }
};

const titlesOf = async (query: string): Promise<unknown[]> =>
  (await all(`/concerts?limit=2&${query}`)).map((it) => it["title"]);

test("concerts are found by title, venue and id, by state, and apart from those that are over", async () => {
  const made = async (title: string, venue: string, body: Members = {}): Promise<string> => {
    const concert = { title, venue, dates: [{ date: dateIn(20) }], price: 7, ...body };
    return String(succeeded(await sale.admin("POST", "/concerts", concert), 201)["concertId"]);
  };
  const word = `w${randomUUID()}`;
  const winter = await made(`Winter ${word}`, "Olympic Hall");
  const paused = await made(`Paused ${word}`, "올림픽 홀");
  const closed = await made(`Closed ${word}`, "Olympic Hall");
  const begun = await made(`Begun ${word}`, "Olympic Hall");
  const later = { policy: { opensAt: `${dateIn(5)}T10:00:00.000Z` } };
  await made(`Later 100% ${word}`, "Arena", later);
  succeeded(await sale.admin("POST", `/concerts/${paused}/queue/pause`), 200);
  succeeded(await sale.admin("POST", `/concerts/${closed}/queue/close`), 200);
  await sql("update show set starts_at = now() - interval '1 day' where concert_id = $1", [begun]);

  assert.deepEqual(await titlesOf(`q=${word.toUpperCase()}`), [
    `Later 100% ${word}`,
    `Begun ${word}`,
    `Closed ${word}`,
    `Paused ${word}`,
    `Winter ${word}`,
  ]);
  const q = `q=${word}`;
  assert.deepEqual(await titlesOf(`q=${winter}`), [`Winter ${word}`]);
  assert.ok((await titlesOf(`q=${encodeURIComponent("올림픽")}`)).includes(`Paused ${word}`));
  assert.deepEqual(await titlesOf(`q=${encodeURIComponent("100%")}`), [`Later 100% ${word}`]);
  assert.deepEqual(await titlesOf(`q=${encodeURIComponent("%")}`), [`Later 100% ${word}`]);
  assert.deepEqual(await titlesOf(`${q}&archived=true`), [`Begun ${word}`, `Closed ${word}`]);
  assert.deepEqual(await titlesOf(`${q}&archived=false`), [
    `Later 100% ${word}`,
    `Paused ${word}`,
    `Winter ${word}`,
  ]);
  const inState = { PAUSED: "Paused", CLOSED: "Closed", SCHEDULED: "Later 100%", OPEN: "Winter" };
  for (const [state, title] of Object.entries(inState))
    await eventually(`${title} is ${state}`, async () => {
      const titles = await titlesOf(`${q}&state=${state}`);
      return titles.join() === `${title} ${word}` ? true : undefined;
    });
  assert.deepEqual(await titlesOf(`${q}&state=OPEN&archived=true`), []);
  for (const bad of ["state=RUNNING", "archived=yes", "q=", "q=%00", "cursor=AAAA", "limit=101"])
    refused(await sale.admin("GET", `/concerts?${bad}`), "INVALID_REQUEST");
});

const named = async (name: string): Promise<Fan> =>
  succeeded<Fan & Members>(
    await sale.call({ method: "POST", path: "/api/v1/users", body: { name } }),
    201,
  );

test("users are found by id and by the beginning of a name, in stable pages", async () => {
  const word = `w${randomUUID().slice(0, 8)}`;
  const fans: Fan[] = [];
  for (const name of [`${word} 나`, `${word} 가`, `${word.toUpperCase()} 다`, `${word} 가`])
    fans.push(await named(name));
  const found = async () => (await all(`/users?limit=1&q=${word}`)).map((it) => it["name"]);
  const names = [`${word} 가`, `${word} 가`, `${word} 나`, `${word.toUpperCase()} 다`];
  assert.deepEqual(await found(), names);

  const first = await page(`/users?limit=2&q=${word}`);
  await named(`${word} 가`);
  const rest = await page(`/users?limit=9&q=${word}&cursor=${first.nextCursor}`);
  assert.deepEqual(
    rest.items.slice(-2).map((it) => it["name"]),
    names.slice(-2),
    "a user who comes meanwhile moves no other out of a page",
  );
  const [, second] = fans;
  const byId = await page(`/users?q=${second?.userId.toUpperCase()}`);
  assert.deepEqual(
    byId.items.map((it) => [it["userId"], it["erasedAt"]]),
    [[second?.userId, null]],
  );
  assert.deepEqual((await page(`/users?q=${randomUUID()}`)).items, []);
  const newest = await page("/users?limit=1");
  assert.equal(newest.items[0]?.["name"], `${word} 가`);
  for (const bad of ["q=", "cursor=AAAA", `cursor=${second?.userId}`, "limit=0"])
    refused(await sale.admin("GET", `/users?${bad}`), "INVALID_REQUEST");
});

interface UserRecord extends Members {
  readonly places: { items: Members[]; complete: boolean };
  readonly reservations: { items: Members[]; complete: boolean };
  readonly payments: { items: Members[]; complete: boolean };
  readonly tickets: { items: Members[]; complete: boolean };
  readonly entries: { items: Members[]; complete: boolean };
}

const recordOf = async ({ userId }: Pick<Fan, "userId">): Promise<UserRecord> =>
  succeeded<UserRecord>(await sale.admin("GET", `/users/${userId}`), 200);

test("everything about a user is read at once: places, reservations, payments, tickets, balance", async () => {
  const fan = await named("김하늘");
  succeeded(await sale.charge(fan, 5_000), 201);
  const [bought, held, waiting] = [
    await sale.onSale({ price: 700 }),
    await sale.onSale({ price: 300 }),
    await sale.onSale({ policy: { admissionsPerMinute: 1, maxActive: 1 } }),
  ];
  const payment = await buy(sale, fan, bought, [1, 2]);
  const place = await sale.admitted(fan, held.concertId);
  const hold = await sale.reserved(place, { date: held.dates[0] ?? "", seatNumbers: [7] });
  await sale.placed(await sale.fan(), waiting.concertId);
  await sale.placed(fan, waiting.concertId);

  const record = await recordOf(fan);
  assert.deepEqual(
    [record["userId"], record["name"], record["erasedAt"], record["balance"]],
    [fan.userId, "김하늘", null, { balance: 3_600, currency: "KRW" }],
  );
  assert.deepEqual(
    record.reservations.items.map((it) => [it["reservationId"], it["status"]]),
    [
      [hold.reservationId, "HELD"],
      [payment.reservationId, "CONFIRMED"],
    ],
  );
  assert.deepEqual(
    record.payments.items.map((it) => it["paymentId"]),
    [payment.paymentId],
  );
  assert.deepEqual(
    record.tickets.items.map((it) => [it["ticketId"], it["status"], it["code"]]),
    payment.tickets.map((it) => [it.ticketId, "VALID", null]).toReversed(),
  );
  assert.deepEqual(
    record.entries.items.map((it) => [it["type"], it["amount"]]),
    [
      ["PAYMENT", -1_400],
      ["CHARGE", 5_000],
    ],
  );
  const { value: places } = await eventually("the payment ends the place", async () => {
    const { items } = (await recordOf(fan)).places;
    return items.some((it) => it["status"] === "ENDED") ? items : undefined;
  });
  assert.deepEqual(
    places.map((it) => [it["concertId"], it["status"], it["endedReason"]]),
    [
      [waiting.concertId, places[0]?.["status"], null],
      [held.concertId, "ACTIVE", null],
      [bought.concertId, "ENDED", "PAID"],
    ],
  );
  assert.ok(["WAITING", "ACTIVE"].includes(String(places[0]?.["status"])));
  assert.ok(record.payments.complete && record.places.complete);

  await sql(
    `insert into reservation
     select gen_random_uuid(), $1, $2, $3, 700, 'KRW', 'CANCELLED', now(), now(), 1, n from generate_series(1, 100) n`,
    [fan.userId, bought.concertId, bought.dates[0]],
  );
  const long = (await recordOf(fan)).reservations;
  assert.deepEqual([long.items.length, long.complete], [100, false]);
});

test("the payments of a user say what was refunded and what an operator can refund, also of a ticket that was passed on", async () => {
  const refunds = { until: 0, fees: [{ daysBefore: 365, percent: 10 }] };
  const transfers = { until: 0, perTicket: 1 };
  const onSale = await sale.onSale({ price: 700, policy: { refunds, transfers } });
  const [fan, friend] = await sale.fans(2, { balance: 5_000 });
  assert.ok(fan && friend);
  const { paymentId, tickets } = await buy(sale, fan, onSale, [1, 2, 3]);
  const [first, second, third] = tickets.map(({ ticketId }) => ticketId);
  const offered = succeeded<Transfer>(await offer(sale, fan, first ?? ""), 201);
  succeeded(await claim(sale, friend, offered.claim), 200);
  succeeded(await refund(sale, fan, paymentId, { body: { ticketIds: [second] } }), 201);

  const [payment] = (await recordOf(fan)).payments.items;
  assert.deepEqual(
    [payment?.["refunded"], payment?.["fees"], payment?.["refundableTicketIds"]],
    [700, 70, [first, third]],
  );
  assert.deepEqual((await recordOf(friend)).payments.items, []);
});

test("an erased user is read without a name, and an unknown one is NOT_FOUND", async () => {
  const fan = await named("Gone soon");
  const erased = { method: "DELETE", path: "/api/v1/users/me", token: fan.accessToken };
  succeeded(await sale.call(erased), 204);
  const record = await recordOf(fan);
  assert.equal(record["name"], null);
  assert.ok(Date.parse(String(record["erasedAt"])) > 0);
  refused(await sale.admin("GET", `/users/${randomUUID()}`), "NOT_FOUND");
  refused(await sale.admin("GET", "/users/kim"), "INVALID_REQUEST");
});
