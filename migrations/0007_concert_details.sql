-- Details that a concert's page shows beside its dates, drafts, and keys of operators.
-- Safe beside the previous release: yes, it does not know the columns. It shows drafts to everybody
-- until each of its instances is replaced.

alter table concert
  add column description text,
  add column poster_url text,
  add column age_rating text,
  -- Before this moment the concert is a draft, which only operators can read.
  add column published_at timestamptz not null default clock_timestamp();

update concert set published_at = created_at;

-- The concert that a key of an operator has created, written in the same transaction.
create table operator_key_use (
  actor text not null,
  key text not null,
  fingerprint text not null,
  concert_id uuid not null references concert,
  created_at timestamptz not null default clock_timestamp(),
  primary key (actor, key)
);
