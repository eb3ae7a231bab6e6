-- A ticket has a holder, a status and a version. The holder of a ticket that was sold before is its buyer.
-- Safe beside the previous release: yes, a trigger names the holder of a ticket that it sells.

alter table ticket
  add column user_id uuid,
  add column status text not null default 'VALID'
    constraint ticket_status_known check (status in ('VALID', 'USED', 'VOID')),
  add column version integer not null default 1
    constraint ticket_version_fits_its_code check (version between 1 and 65535),
  drop constraint ticket_once_per_seat;

update ticket set user_id = payment.user_id from payment where payment.payment_id = ticket.payment_id;

alter table ticket alter column user_id set not null;

create unique index ticket_once_per_seat on ticket (concert_id, date, seat_number) where status <> 'VOID';
create index ticket_of_user on ticket (user_id, ticket_id);

create function ticket_names_its_buyer() returns trigger language plpgsql as $$
begin
  select user_id into new.user_id from payment where payment_id = new.payment_id;
  return new;
end $$;

create trigger ticket_has_a_holder before insert on ticket
  for each row when (new.user_id is null) execute function ticket_names_its_buyer();
