import type { Sql } from "./server.ts";

/** The n-th id of a kind in the database. */
const id = (kind: number, n: string): string =>
  `('0000000${kind}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** Buyers of four neighbouring seats each, with the sum of their prices. */
const buyers = `
  select (s.seat_number - 1) / 4 as n, min(s.date) as date, sum(g.price)::bigint as amount
  from seat s
  join grade g on g.concert_id = s.concert_id and g.name = s.grade
  where s.concert_id = $1
  group by 1`;

const seats = `
  select s.date, s.seat_number, (s.seat_number - 1) / 4 as n, g.price
  from seat s
  join grade g on g.concert_id = s.concert_id and g.name = s.grade
  where s.concert_id = $1`;

const statements = [
  `insert into app_user (user_id) select ${id(1, "n")} from (${buyers}) as buyers`,
  `insert into buyer (user_id, concert_id, ended_epoch, ended_seq, ended_reason, ended_at)
  select ${id(1, "n")}, $1, 1, n + 1, 'PAID', clock_timestamp() from (${buyers}) as buyers`,
  `insert into wallet (user_id) select ${id(1, "n")} from (${buyers}) as buyers`,
  `insert into reservation
    (reservation_id, user_id, concert_id, date, amount, currency, status, held_at, expires_at, place_epoch, place_seq)
  select ${id(2, "n")}, ${id(1, "n")}, $1, date, amount, 'KRW', 'CONFIRMED', now(), now(), 1, n + 1
  from (${buyers}) as buyers`,
  `update seat set status = 'SOLD', fence = 1, reservation_id = ${id(2, "(seat_number - 1) / 4")}
  where concert_id = $1`,
  `insert into reservation_seat (reservation_id, concert_id, date, seat_number, price, live)
  select ${id(2, "n")}, $1, date, seat_number, price, true from (${seats}) as seats`,
  `insert into payment (payment_id, reservation_id, user_id, concert_id, amount, currency, balance, paid_at)
  select ${id(3, "n")}, ${id(2, "n")}, ${id(1, "n")}, $1, amount, 'KRW', 0, now() from (${buyers}) as buyers`,
  `insert into ticket (ticket_id, payment_id, concert_id, date, seat_number, user_id)
  select ${id(4, "seat_number")}, ${id(3, "n")}, $1, date, seat_number, ${id(1, "n")} from (${seats}) as seats`,
  ...["CHARGE", "PAYMENT"].map((type, index) => {
    const sign = index === 0 ? "" : "-";
    const other = index === 0 ? "CASH" : "REVENUE";
    return `
      insert into ledger_entry
        (entry_id, transfer_id, type, account, user_id, concert_id, amount, balance, created_at)
      select gen_random_uuid(), ${index === 0 ? id(5, "n") : id(3, "n")}, '${type}', side.account,
        ${id(1, "n")}, ${index === 0 ? "null::uuid" : "$1"}, side.sign * ${sign}amount,
        case side.account when 'WALLET' then ${index === 0 ? "amount" : "0"} end, now()
      from (${buyers}) as buyers
      cross join (values ('WALLET', 1), ('${other}', -1)) as side (account, sign)
      where $1::uuid is not null
      order by n`;
  }),
];

/**
 * Sells all seats of a concert with one date in the database, four to each buyer, as if each had charged the amount and
 * paid. Returns the number of tickets. 50,000 take some seconds.
 */
export const sellAll = async (sql: Sql, concertId: string): Promise<number> => {
  for (const text of statements) await sql(text, [concertId]);
  const [row] = await sql<{ tickets: number }>(
    "select count(*)::int as tickets from ticket where concert_id = $1",
    [concertId],
  );
  return row?.tickets ?? 0;
};
