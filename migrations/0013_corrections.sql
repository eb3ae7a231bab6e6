-- The version in which a title, venue, price or date of a concert was last corrected, so that instances read it again.
-- Safe beside the previous release: yes, it does not know the column, and shows corrections after a restart.

alter table concert add column facts_version integer not null default 1;
