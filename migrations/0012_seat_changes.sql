-- The seats that each transaction has changed, so that an instance reads only these.
-- Safe beside the previous release: yes, a trigger records its changes too.

create table seat_change (
  xid xid8 not null default pg_current_xact_id(),
  concert_id uuid not null,
  date date not null,
  seat_numbers integer[] not null
);

create index seat_change_of_show on seat_change (concert_id, date, xid);
create index seat_change_by_age on seat_change (xid);

-- Rows of transactions before this one may be deleted. One row.
create table seat_change_floor (
  xid xid8 not null
);
insert into seat_change_floor values ('0');

create function record_seat_changes() returns trigger language plpgsql as $$
begin
  insert into seat_change (concert_id, date, seat_numbers)
  select concert_id, date, array_agg(seat_number) from changed group by concert_id, date;
  return null;
end $$;

create trigger seat_changes_are_recorded after update on seat referencing new table as changed
  for each statement execute function record_seat_changes();
