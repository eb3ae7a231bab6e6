-- A concert can be cancelled: from then on nothing of it is reserved, paid, passed on, refunded by request or admitted.
-- Safe beside the previous release: yes, it does not know the column and sells on. Cancel no concert until each of its
-- instances is replaced.

alter table concert
  add column cancelled_at timestamptz,
  -- When its last ticket was refunded and its last hold cancelled.
  add column refunded_at timestamptz,
  add constraint cancelled_concert_is_closed check (cancelled_at is null or closed_at is not null),
  add constraint refunded_concert_is_cancelled check (refunded_at is null or cancelled_at is not null);

create index refund_of_concert on refund (concert_id, refunded_at);

-- The key of the advisory lock that cancelling a concert takes alone, and every transaction that sells or admits shares.
-- A key of two numbers is never one of the other advisory locks, which have one.
create function cancelling_lock(concert_id uuid) returns integer immutable strict parallel safe language sql
return hashtext(concert_id::text);

-- Waits until no transaction sells or admits in the concert, and keeps new ones waiting until the end of this one.
create function lock_for_cancelling(concert_id uuid) returns void language sql as $$
  select pg_advisory_xact_lock(1, cancelling_lock(concert_id))
$$;

-- Keeps the concerts from being cancelled until the end of the transaction. Returns those that are cancelled already; the
-- second statement reads them after the wait.
create function lock_against_cancelling(concert_ids uuid[]) returns setof uuid language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(1, named.key)
  from (select distinct cancelling_lock(id) as key from unnest(concert_ids) as id order by key) as named;
  return query select c.concert_id from concert c where c.concert_id = any (concert_ids) and c.cancelled_at is not null;
end
$$;
