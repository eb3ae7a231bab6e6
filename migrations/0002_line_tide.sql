-- How a line stood from second to second, while anything moved: what it looks like over time, and,
-- since nobody's joining is noted by itself, when the person with a given number joined.
-- Safe beside the previous release: yes, it does not know the table.

create table line_tide (
  concert_id uuid not null references concert,
  line_epoch integer not null,
  -- A whole second of the line's own clock.
  at timestamptz not null,
  last_issued bigint not null,
  waiting integer not null,
  active integer not null,
  -- Totals since the line's store was empty.
  admitted bigint not null,
  gone_left bigint not null,
  gone_lapsed bigint not null,
  -- Null: they could not be known at that moment.
  seats_available integer,
  seats_held integer,
  seats_sold integer,
  primary key (concert_id, line_epoch, at)
);

create index line_tide_of_number on line_tide (concert_id, line_epoch, last_issued, at);
-- Rows come in the order of time, so a few pages tell where the old ones are.
create index line_tide_by_age on line_tide using brin (at);
