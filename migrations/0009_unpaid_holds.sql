-- The holds of a user that lapsed, or that the user cancelled, in the last hour: [{ "atMs": …, "how": "lapsed" }, …].
-- Safe beside the previous release: yes, it does not know the column, and counts no holds.

alter table buyer add column unpaid_holds jsonb not null default '[]';
