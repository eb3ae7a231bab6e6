-- Halls of up to 60,000 seats: a seating plan a concert, and the price of a seat in the row of its grade.
-- Safe beside the previous release: no, it knows the price of a seat and a smaller type of its number. Stop it before this runs.

create table grade (
  concert_id uuid not null references concert,
  name text not null,
  price bigint not null constraint grade_price_positive check (price > 0),
  -- The order in which the operator has named the grades, from 0.
  position integer not null,
  -- The seats of the grade on each date.
  seat_count integer not null,
  primary key (concert_id, name)
) with (fillfactor = 70);

-- The seats of every date of a concert, as numbered rows with names and coordinates.
create table seating_plan (
  concert_id uuid primary key references concert,
  plan jsonb not null
);

create function seating_plan_refuses_change() returns trigger language plpgsql as $$
begin
  raise exception 'a seating plan never changes';
end $$;

create trigger seating_plan_is_immutable before update on seating_plan
  for each statement execute function seating_plan_refuses_change();

insert into grade (concert_id, name, price, position, seat_count)
select concert_id, grade, min(price), row_number() over (partition by concert_id order by min(seat_number)) - 1, count(*)
from seat
join (select concert_id, min(date) as date from show group by concert_id) as first_show using (concert_id, date)
group by concert_id, grade;

insert into seating_plan (concert_id, plan)
select concert_id, jsonb_build_object(
  'seatsTotal', max(last_seat),
  'focus', jsonb_build_object('x', 0, 'y', 0),
  'sections', jsonb_build_array(jsonb_build_object(
    'name', null, 'kind', 'SEATED', 'grade', (array_agg(grade order by first_seat))[1],
    'firstSeat', 1, 'lastSeat', max(last_seat), 'x', 0, 'y', 0, 'angle', 0,
    'rows', jsonb_agg(jsonb_build_object(
      'name', null, 'grade', grade, 'firstSeat', first_seat, 'lastSeat', last_seat,
      'firstName', null, 'step', 1, 'curve', 0, 'x', 0, 'y', 0, 'places', null
    ) order by first_seat)
  ))
)
from (
  select concert_id, grade, min(seat_number) as first_seat, max(seat_number) as last_seat
  from seat
  join (select concert_id, min(date) as date from show group by concert_id) as first_show using (concert_id, date)
  group by concert_id, grade
) as run
group by concert_id;

alter table seat
  drop column price,
  drop constraint seat_number_in_hall,
  alter column seat_number type integer,
  add constraint seat_number_in_hall check (seat_number between 1 and 60000);
alter table reservation_seat alter column seat_number type integer;
alter table ticket alter column seat_number type integer;
