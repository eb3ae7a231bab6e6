-- The transfers of tickets from one user to another.
-- Safe beside the previous release: yes, it knows no transfers. It answers a former holder as if the ticket did not exist.

create table ticket_transfer (
  transfer_id uuid primary key,
  ticket_id uuid not null references ticket,
  -- The version of the ticket when it was offered. A check-in, a refund or another transfer ends this one by changing
  -- the status or the version of the ticket.
  ticket_version integer not null,
  from_user_id uuid not null,
  -- SHA-256 of the claim code.
  claim_hash bytea not null unique constraint claim_hash_is_32_bytes check (octet_length(claim_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  cancelled_at timestamptz,
  to_user_id uuid,
  claimed_at timestamptz,
  constraint ticket_transfer_has_one_end check (
    (to_user_id is null) = (claimed_at is null) and (claimed_at is null or cancelled_at is null)
  )
);

-- A new offer takes the place of the one before, so that a holder who offers again and again fills no table.
create unique index ticket_transfer_one_unclaimed on ticket_transfer (ticket_id) where to_user_id is null;
-- The second guard beside the lock of the ticket's row.
create unique index ticket_transfer_one_claim on ticket_transfer (ticket_id, ticket_version)
  where to_user_id is not null;
create index ticket_transfer_of_former_holder on ticket_transfer (from_user_id, ticket_id)
  where to_user_id is not null;
