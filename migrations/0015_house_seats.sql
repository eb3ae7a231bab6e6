-- Seats that an operator keeps out of the sale: BLOCKED, without an owner.
-- Safe beside the previous release: yes, it sells no such seat. Its seat maps show one as free, so block none until each
-- of its instances is replaced.

alter table seat
  drop constraint seat_status_known,
  drop constraint seat_owner_matches_status,
  add constraint seat_status_known check (status in ('AVAILABLE', 'HELD', 'SOLD', 'BLOCKED')),
  add constraint seat_owner_matches_status check (
    (status in ('AVAILABLE', 'BLOCKED')) = (reservation_id is null) and (status = 'HELD') = (expires_at is not null)
  );
