-- The whole house: people, concerts, seats, money, the line's durable side.
-- Safe beside the previous release: yes (first one).

create table app_user (
  user_id uuid primary key,
  name text,
  created_at timestamptz not null default clock_timestamp()
);

-- People of the operator's identity provider, mapped at first sight.
create table user_identity (
  issuer text not null,
  subject text not null,
  user_id uuid not null references app_user,
  primary key (issuer, subject)
);

create table concert (
  concert_id uuid primary key,
  title text not null,
  venue text,
  time_zone text not null,
  currency text not null,
  policy jsonb not null,
  paused_at timestamptz,
  resumed_at timestamptz,
  ramp_seconds integer,
  closed_at timestamptz,
  draw_seed bytea constraint draw_seed_is_32_bytes check (octet_length(draw_seed) = 32),
  -- Rises with every change of the settings above, so that no instance goes back to older ones.
  version integer not null default 1,
  created_at timestamptz not null default clock_timestamp()
);

create table show (
  concert_id uuid not null references concert,
  date date not null,
  starts_at timestamptz not null,
  primary key (concert_id, date)
);

-- One row a seat of a show. fence rises at each change of hands.
create table seat (
  concert_id uuid not null,
  date date not null,
  seat_number smallint not null constraint seat_number_in_hall check (seat_number between 1 and 50),
  grade text not null,
  price bigint not null constraint seat_price_positive check (price > 0),
  status text not null default 'AVAILABLE'
    constraint seat_status_known check (status in ('AVAILABLE', 'HELD', 'SOLD')),
  reservation_id uuid,
  expires_at timestamptz,
  fence bigint not null default 0,
  primary key (concert_id, date, seat_number),
  foreign key (concert_id, date) references show,
  constraint seat_owner_matches_status check (
    (status = 'AVAILABLE') = (reservation_id is null) and (status = 'HELD') = (expires_at is not null)
  )
) with (fillfactor = 70);

-- One row a user and concert: what his commands there queue behind, and the highest place of his
-- that has ended, so that an ended queue token is refused even when Redis does not know.
create table buyer (
  user_id uuid not null,
  concert_id uuid not null references concert,
  ended_epoch integer not null default 0,
  ended_seq bigint not null default 0,
  ended_reason text
    constraint ended_reason_known check (ended_reason in ('PAID', 'LEFT', 'LAPSED', 'SOLD_OUT', 'CLOSED')),
  ended_at timestamptz,
  primary key (user_id, concert_id)
) with (fillfactor = 70);

create table reservation (
  reservation_id uuid primary key,
  user_id uuid not null,
  concert_id uuid not null,
  date date not null,
  amount bigint not null constraint reservation_amount_positive check (amount > 0),
  currency text not null,
  status text not null
    constraint reservation_status_known check (status in ('HELD', 'CONFIRMED', 'CANCELLED', 'EXPIRED')),
  held_at timestamptz not null,
  expires_at timestamptz not null,
  place_epoch integer not null,
  place_seq bigint not null
) with (fillfactor = 70);

create unique index reservation_one_held_per_buyer on reservation (user_id, concert_id) where status = 'HELD';
create index reservation_of_buyer on reservation (user_id, concert_id) where status in ('HELD', 'CONFIRMED');
create index reservation_of_user on reservation (user_id, reservation_id);
create index reservation_lapsing on reservation (expires_at) where status = 'HELD';

-- The seats of a reservation. live: the seat's row still names this reservation.
create table reservation_seat (
  reservation_id uuid not null references reservation,
  concert_id uuid not null,
  date date not null,
  seat_number smallint not null,
  price bigint not null,
  live boolean not null,
  primary key (reservation_id, seat_number)
) with (fillfactor = 70);

-- The second, independent guard: one live reservation a seat.
create unique index reservation_seat_one_live on reservation_seat (concert_id, date, seat_number) where live;

create table wallet (
  user_id uuid primary key,
  balance bigint not null default 0
    constraint wallet_balance_not_negative check (balance >= 0)
    constraint wallet_balance_exact_in_json check (balance <= 9007199254740991)
) with (fillfactor = 70);

-- Double entry: a charge moves cash to the wallet, a payment moves the wallet to revenue, each as two
-- rows that sum to zero. balance is the wallet's after the entry, null for the other side.
create table ledger_entry (
  entry_no bigint generated always as identity primary key,
  entry_id uuid not null,
  transfer_id uuid not null,
  type text not null constraint ledger_type_known check (type in ('CHARGE', 'PAYMENT')),
  account text not null constraint ledger_account_known check (account in ('WALLET', 'CASH', 'REVENUE')),
  user_id uuid not null,
  concert_id uuid,
  amount bigint not null constraint ledger_amount_not_zero check (amount <> 0),
  balance bigint,
  created_at timestamptz not null,
  constraint ledger_one_side_each unique (transfer_id, account)
);

create index ledger_of_revenue on ledger_entry (concert_id) include (amount) where account = 'REVENUE';
create index ledger_of_wallet on ledger_entry (user_id, entry_no) where account = 'WALLET';

create function ledger_refuses_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is insert-only';
end $$;

create trigger ledger_is_insert_only before update or delete or truncate on ledger_entry
  for each statement execute function ledger_refuses_change();

create function ledger_refuses_imbalance() returns trigger language plpgsql as $$
begin
  if exists (select from fresh group by transfer_id having sum(amount) <> 0 or count(*) <> 2) then
    raise exception 'a transfer does not balance' using constraint = 'ledger_balanced', errcode = 'check_violation';
  end if;
  return null;
end $$;

create trigger ledger_is_balanced after insert on ledger_entry referencing new table as fresh
  for each statement execute function ledger_refuses_imbalance();

create table payment (
  payment_id uuid primary key,
  reservation_id uuid not null constraint payment_once_per_reservation unique references reservation,
  user_id uuid not null,
  concert_id uuid not null,
  amount bigint not null,
  currency text not null,
  balance bigint not null,
  paid_at timestamptz not null
);

create index payment_of_user on payment (user_id, payment_id);

create table ticket (
  ticket_id uuid primary key,
  payment_id uuid not null references payment,
  concert_id uuid not null,
  date date not null,
  seat_number smallint not null,
  constraint ticket_once_per_seat unique (concert_id, date, seat_number),
  foreign key (concert_id, date, seat_number) references seat
);

create index ticket_of_payment on ticket (payment_id);

-- The answer to each successful command that carried a key, in the transaction of its effect.
create table idempotency (
  user_id uuid not null,
  key text not null,
  fingerprint text not null,
  answer jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (user_id, key)
);

create index idempotency_age on idempotency (created_at);

-- What Redis must still be told. Rows of one buyer are in commit order: his row is locked around them.
create table outbox (
  outbox_id bigint generated always as identity primary key,
  topic text not null constraint outbox_topic_known check (topic in ('hold-carried', 'hold-cleared', 'place-ended')),
  concert_id uuid not null,
  user_id uuid not null,
  content jsonb not null,
  created_at timestamptz not null default clock_timestamp()
);

-- The line's epoch a concert, and the Redis process that it was last agreed with.
create table line_epoch (
  concert_id uuid primary key references concert,
  epoch integer not null,
  run_id text not null
);

-- What happened to places: admissions, leavings, lapses, payments. n rises within a concert and epoch.
create table line_journal (
  concert_id uuid not null,
  line_epoch integer not null,
  n bigint not null,
  kind text not null,
  user_id uuid not null,
  place_epoch integer not null,
  place_seq bigint not null,
  at timestamptz not null,
  active_until timestamptz,
  detail text,
  primary key (concert_id, line_epoch, n)
);

create index line_journal_of_user on line_journal (concert_id, user_id);

create table audit (
  audit_id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  concert_id uuid,
  before jsonb,
  after jsonb
);
