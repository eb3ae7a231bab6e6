import assert from "node:assert/strict";
import { test } from "node:test";
import type { TicketId } from "#kernel/ids.ts";
import { freshDatabase, openPatiently } from "#test/support/postgres.ts";
import { newId } from "#test/support/box-office.ts";
import { silentLog } from "#platform/log.ts";
import { migrate, readMigrations } from "#platform/postgres/migrate.ts";
import { pgTickets } from "./pg-tickets.ts";

const ids = {
  concert: newId<"concert">(),
  user: newId<"user">(),
  reservation: newId<"reservation">(),
  payment: newId<"payment">(),
};

/** A sale of one ticket, as the release before its holder was in the ticket wrote it. */
const sold = (seatNumber: number, ticketId: string) => [
  {
    text: `insert into seat (concert_id, date, seat_number, grade) values ($1, '2030-05-01', $2, 'R')`,
    values: [ids.concert, seatNumber],
  },
  {
    text: `insert into reservation_seat (reservation_id, concert_id, date, seat_number, price, live)
      values ($1, $2, '2030-05-01', $3, 700, true)`,
    values: [ids.reservation, ids.concert, seatNumber],
  },
  {
    text: `insert into ticket (ticket_id, payment_id, concert_id, date, seat_number)
      values ($1, $2, $3, '2030-05-01', $4)`,
    values: [ticketId, ids.payment, ids.concert, seatNumber],
  },
];

const before = [
  { text: "insert into app_user (user_id, name) values ($1, 'Kim')", values: [ids.user] },
  {
    text: `insert into concert (concert_id, title, time_zone, currency, policy)
      values ($1, 'Proof', 'UTC', 'KRW', '{}')`,
    values: [ids.concert],
  },
  {
    text: `insert into show (concert_id, date, starts_at)
      values ($1, '2030-05-01', '2030-05-01T10:00Z')`,
    values: [ids.concert],
  },
  {
    text: `insert into reservation (reservation_id, user_id, concert_id, date, amount, currency, status,
        held_at, expires_at, place_epoch, place_seq)
      values ($1, $2, $3, '2030-05-01', 1400, 'KRW', 'CONFIRMED', now(), now(), 1, 1)`,
    values: [ids.reservation, ids.user, ids.concert],
  },
  {
    text: `insert into payment (payment_id, reservation_id, user_id, concert_id, amount, currency, balance, paid_at)
      values ($1, $2, $3, $4, 1400, 'KRW', 0, now())`,
    values: [ids.payment, ids.reservation, ids.user, ids.concert],
  },
];

test("the holder of a ticket from before is its buyer, and so is that of one that the previous release sells later", async () => {
  await using fresh = await freshDatabase();
  const database = openPatiently({ url: fresh.url });
  await using _ = { [Symbol.asyncDispose]: () => database.close() };
  const all = readMigrations();
  const at = all.findIndex(({ name }) => name.endsWith("_ticket_holders.sql"));
  await database.query({ text: "drop schema public cascade" });
  await database.query({ text: "create schema public" });
  await migrate(fresh.url, silentLog, all.slice(0, at));
  // The newest ticket has the highest id, and `newId` has no order.
  const [early, late] = [newId<"ticket">(), newId<"ticket">()].toSorted() as [TicketId, TicketId];
  for (const statement of [...before, ...sold(1, early)]) await database.query(statement);
  await migrate(fresh.url, silentLog, all);
  for (const statement of sold(2, late)) await database.query(statement);

  const tickets = pgTickets(database);
  const held = await tickets.ofUser(ids.user, { limit: 10, after: null });
  const ticket = {
    concertId: ids.concert,
    title: "Proof",
    venue: null,
    date: "2030-05-01",
    startsAtMs: Date.parse("2030-05-01T10:00Z"),
    timeZone: "UTC",
    price: 700,
    holder: { userId: ids.user, name: "Kim" },
    status: "VALID",
    voidReason: null,
    version: 1,
    paymentId: ids.payment,
    cancelledAtMs: null,
  };
  const read = { ...ticket, transfer: null, transferableUntilMs: null };
  assert.deepEqual(held, [
    { ...read, ticketId: late, seatNumber: 2 },
    { ...read, ticketId: early, seatNumber: 1 },
  ]);
  assert.deepEqual(await tickets.ofUser(ids.user, { limit: 10, after: late }), held.slice(1));
  assert.deepEqual(await tickets.findOf(ids.user, early), held[1]);
  assert.equal(await tickets.findOf(newId(), early), null);
  assert.deepEqual(await tickets.find([early, newId()]), [
    { ...ticket, ticketId: early, seatNumber: 1 },
  ]);
  assert.deepEqual(await tickets.ofUser(newId(), { limit: 10, after: null }), []);
});
