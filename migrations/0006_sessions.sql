-- Sessions that renew themselves, one-time codes, recovery, sign-out everywhere, erasure of a person.
-- Safe beside the previous release: yes. It does not know the columns and tables; it goes on to accept
-- access tokens that were revoked, until each of its instances is replaced.

alter table app_user
  -- Rises when the user signs out everywhere or recovers the account; older tokens are refused.
  add column token_epoch integer not null default 0,
  add column revoked_at timestamptz,
  add column erased_at timestamptz,
  -- SHA-256 of the recovery code. The next one takes its place once its session has been used.
  add column recovery_hash bytea constraint recovery_hash_is_32_bytes check (octet_length(recovery_hash) = 32),
  add column next_recovery_hash bytea
    constraint next_recovery_hash_is_32_bytes check (octet_length(next_recovery_hash) = 32);

create unique index app_user_by_recovery on app_user (recovery_hash) where recovery_hash is not null;
create unique index app_user_by_next_recovery on app_user (next_recovery_hash) where next_recovery_hash is not null;
create index app_user_by_revocation on app_user (revoked_at) where revoked_at is not null;

-- A family of refresh tokens, each the successor of the one before.
create table user_session (
  session_id uuid primary key,
  user_id uuid not null references app_user,
  token_hash bytea not null constraint token_hash_is_32_bytes check (octet_length(token_hash) = 32),
  -- The token before, and its successor encrypted with it, so that a lost answer can be asked again.
  previous_hash bytea,
  successor bytea,
  rotated_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
) with (fillfactor = 70);

create index user_session_of_user on user_session (user_id, created_at);
create index user_session_by_end on user_session (expires_at);

create index user_identity_of_user on user_identity (user_id);

-- A code that moves a session to another device: once, within minutes, one per user.
create table user_handover (
  user_id uuid primary key references app_user,
  code_hash bytea not null unique constraint code_hash_is_32_bytes check (octet_length(code_hash) = 32),
  token_epoch integer not null,
  expires_at timestamptz not null
);
