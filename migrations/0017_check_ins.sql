-- The scans of tickets at doors. A scan that is sent again has the same id.
-- Safe beside the previous release: yes, it knows no check-ins.

create table check_in (
  check_in_id uuid primary key,
  concert_id uuid not null,
  date date not null,
  -- Null: the code named no ticket of this server.
  ticket_id uuid references ticket,
  fingerprint text not null,
  result text not null
    constraint check_in_result_known check (result in ('ADMITTED', 'ALREADY_USED', 'VOID', 'WRONG_DATE', 'INVALID')),
  gate text,
  -- When the ticket was scanned, as the scanner says; created_at: when the server heard of it.
  scanned_at timestamptz not null,
  actor text not null,
  created_at timestamptz not null default clock_timestamp(),
  foreign key (concert_id, date) references show
);

-- The second guard beside the lock of the ticket's row.
create unique index check_in_admits_once on check_in (ticket_id) where result = 'ADMITTED';
create index ticket_of_show on ticket (concert_id, date, ticket_id);
