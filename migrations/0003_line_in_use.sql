-- Whether a line has been given to people: before that, another life of its store has lost nothing.
-- Safe beside the previous release: yes, it does not know the column. Lines of before count as used.

alter table line_epoch add column in_use boolean not null default true;
alter table line_epoch alter column in_use set default false;
