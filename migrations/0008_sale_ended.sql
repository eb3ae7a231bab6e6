-- A place may end because every date of its concert has begun.
-- Safe beside the previous release: yes, it never writes the new reason.

alter table buyer
  drop constraint ended_reason_known,
  add constraint ended_reason_known
    check (ended_reason in ('PAID', 'LEFT', 'LAPSED', 'SOLD_OUT', 'ENDED', 'CLOSED'));
