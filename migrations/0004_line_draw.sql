-- What a lottery has drawn: written before anybody is admitted, and never changed. The list of places
-- is kept in pages of a thousand, so that a million of them are a thousand rows.
-- Safe beside the previous release: yes, it does not know the tables.

create table line_draw (
  concert_id uuid primary key references concert,
  -- The attempt whose pages stand; those of others are removed.
  draw_id uuid not null,
  -- When the lobby was closed, by the clock of the line's store.
  drawn_at timestamptz not null,
  entrants integer not null,
  entrants_digest bytea not null
    constraint entrants_digest_is_32_bytes check (octet_length(entrants_digest) = 32)
);

create table line_draw_page (
  concert_id uuid not null references concert,
  draw_id uuid not null,
  -- From 0; all but the last hold a thousand places.
  page integer not null,
  first_value bigint not null,
  last_value bigint not null,
  -- 40 bytes a place: its draw value, big-endian, and the SHA-256 of the user's id.
  places bytea not null constraint whole_places check (octet_length(places) % 40 = 0),
  primary key (concert_id, draw_id, page)
);

-- Digests do not compress, and a part of an uncompressed value is read without the rest.
alter table line_draw_page alter column places set storage external;
