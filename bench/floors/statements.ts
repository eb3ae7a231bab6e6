// The rules of the sale as one statement each: what the best client could do that sends one
// transaction per command straight to the database. `:n` numbers the command; everything that it
// names follows from that number. They do less than the server does (no idempotency key, no
// takeover of a lapsed hold's other seats, the buyer's row made beforehand), never more.

const concert = "'00000000-0000-7000-8000-000000000000'::uuid";
const padded = "lpad(to_hex(:n::int8), 12, '0')";
const user = `('00000000-0000-7000-8001-' || ${padded})::uuid`;
const reservation = `('00000000-0000-7000-8002-' || ${padded})::uuid`;
const payment = `('00000000-0000-7000-8003-' || ${padded})::uuid`;
const ticket = `('00000000-0000-7000-8004-' || ${padded})::uuid`;
const date = "(date '2030-01-01' + (:n::int8 / 50)::int)";
const seatNumber = "(:n::int8 % 50 + 1)::int4";

const price = 1000;
const holdSeconds = 3600;

/** Takes free seat number n for user number n: lock and judge the buyer, count the user's seats, take, record. */
export const reserveStatement = `
with buyer_state as (
  select ended_epoch, ended_seq
  from buyer
  where user_id = ${user} and concert_id = ${concert}
  for no key update
),
taken as (
  update seat
  set
    status = 'HELD',
    reservation_id = ${reservation},
    expires_at = clock_timestamp() + interval '${holdSeconds} s',
    fence = fence + 1
  where concert_id = ${concert}
    and date = ${date}
    and seat_number = ${seatNumber}
    and (status = 'AVAILABLE' or (status = 'HELD' and expires_at <= clock_timestamp()))
    and exists (select from buyer_state where (ended_epoch, ended_seq) < (1, :n::int8 + 1))
    and (
      select count(*)
      from reservation r
      join reservation_seat l using (reservation_id)
      where r.user_id = ${user} and r.concert_id = ${concert} and r.status in ('HELD', 'CONFIRMED')
    ) < 4
  returning
    (select g.price from grade g where g.concert_id = seat.concert_id and g.name = seat.grade) as price,
    expires_at
),
made as (
  insert into reservation (
    reservation_id, user_id, concert_id, date, amount, currency, status,
    held_at, expires_at, place_epoch, place_seq
  )
  select
    ${reservation}, ${user}, ${concert}, ${date}, price, 'KRW', 'HELD',
    clock_timestamp(), expires_at, 1, :n::int8 + 1
  from taken
),
queues as (
  insert into reservation_seat (reservation_id, concert_id, date, seat_number, price, live)
  select ${reservation}, ${concert}, ${date}, ${seatNumber}, price, true from taken
)
insert into outbox (topic, concert_id, user_id, content)
select
  'hold-carried', ${concert}, ${user},
  jsonb_build_object(
    'reservationId', ${reservation}, 'expiresAtMs', floor(extract(epoch from expires_at) * 1000),
    'epoch', 1, 'seq', :n::int8 + 1
  )
from taken
`.trim();

/** Pays reservation number n: confirm, debit, two entries, seat, payment, ticket, end of the place. */
export const payStatement = `
with buyer_state as (
  select user_id from buyer where user_id = ${user} and concert_id = ${concert} for no key update
),
confirmed as (
  update reservation
  set status = 'CONFIRMED'
  where reservation_id = ${reservation}
    and user_id = (select user_id from buyer_state)
    and status = 'HELD'
    and expires_at > clock_timestamp()
  returning amount
),
debited as (
  update wallet
  set balance = balance - confirmed.amount
  from confirmed
  where user_id = ${user}
  returning confirmed.amount, balance
),
sold as (
  update seat
  set status = 'SOLD', expires_at = null, fence = fence + 1
  from debited
  where concert_id = ${concert}
    and date = ${date}
    and seat_number = ${seatNumber}
    and reservation_id = ${reservation}
),
entries as (
  insert into ledger_entry (
    entry_id, transfer_id, type, account, user_id, concert_id, amount, balance, created_at
  )
  select
    gen_random_uuid(), ${payment}, 'PAYMENT', side.account, ${user}, ${concert},
    side.sign * amount, case side.account when 'WALLET' then balance end, clock_timestamp()
  from debited, (values ('WALLET', -1), ('REVENUE', 1)) as side (account, sign)
),
paid as (
  insert into payment (
    payment_id, reservation_id, user_id, concert_id, amount, currency, balance, paid_at
  )
  select ${payment}, ${reservation}, ${user}, ${concert}, amount, 'KRW', balance, clock_timestamp()
  from debited
),
tickets as (
  insert into ticket (ticket_id, payment_id, user_id, concert_id, date, seat_number)
  select ${ticket}, ${payment}, ${user}, ${concert}, ${date}, ${seatNumber} from debited
),
ended as (
  update buyer
  set ended_epoch = 1, ended_seq = :n::int8 + 1, ended_reason = 'PAID', ended_at = clock_timestamp()
  from debited
  where user_id = ${user} and concert_id = ${concert}
)
insert into outbox (topic, concert_id, user_id, content)
select
  'place-ended', ${concert}, ${user},
  jsonb_build_object('epoch', 1, 'seq', :n::int8 + 1, 'reason', 'PAID')
from debited
`.trim();

const each = (from: number, to: number): string =>
  `generate_series(${from}::int8, ${to - 1}::int8) as number (n)`;
const withN = (text: string): string => text.replaceAll(":n::int8", "n");

/** The statements that an empty, migrated database needs before seats are made in it. */
export const createFloorConcert: readonly string[] = [
  `insert into concert (concert_id, title, time_zone, currency, policy)
   values (${concert}, 'Floor', 'Asia/Seoul', 'KRW', '{}')`,
  `insert into grade (concert_id, name, price, position, seat_count) values (${concert}, 'R', ${price}, 0, 50)`,
];

const showsAndBuyers = (from: number, to: number): string[] => [
  `insert into show (concert_id, date, starts_at)
   select ${concert}, date '2030-01-01' + d, timestamptz '2030-01-01' + d * interval '1 day'
   from generate_series(${Math.floor(from / 50)}, ${Math.floor(to / 50)}) as day (d)
   on conflict do nothing`,
  `insert into buyer (user_id, concert_id) select ${withN(user)}, ${concert} from ${each(from, to)}`,
];

/** Makes free seats of these numbers, and the buyers for them. */
export const freeSeats = (from: number, to: number): string[] => [
  ...showsAndBuyers(from, to),
  `insert into seat (concert_id, date, seat_number, grade)
   select ${concert}, ${withN(date)}, ${withN(seatNumber)}, 'R' from ${each(from, to)}`,
];

/** Makes reservations of these numbers that are to be paid, and the money for them. */
export const unpaidReservations = (from: number, to: number): string[] => [
  ...showsAndBuyers(from, to),
  `insert into seat (
     concert_id, date, seat_number, grade, status, reservation_id, expires_at, fence
   )
   select
     ${concert}, ${withN(date)}, ${withN(seatNumber)}, 'R', 'HELD',
     ${withN(reservation)}, clock_timestamp() + interval '${holdSeconds} s', 1
   from ${each(from, to)}`,
  `insert into reservation
   select
     ${withN(reservation)}, ${withN(user)}, ${concert}, ${withN(date)}, ${price}, 'KRW', 'HELD',
     clock_timestamp(), clock_timestamp() + interval '${holdSeconds} s', 1, n + 1
   from ${each(from, to)}`,
  `insert into reservation_seat
   select ${withN(reservation)}, ${concert}, ${withN(date)}, ${withN(seatNumber)}, ${price}, true
   from ${each(from, to)}`,
  `insert into wallet (user_id, balance)
   select ${withN(user)}, ${price} from ${each(from, to)}`,
];

/** The number of effects of the statements so far, and the first number that none of them has used. */
export const reserveEffects =
  "select count(*) as count, coalesce(max(place_seq), 0) as next from reservation";
export const payEffects =
  "select (select count(*) from payment) as count, coalesce(max(ended_seq), 0) as next from buyer";
