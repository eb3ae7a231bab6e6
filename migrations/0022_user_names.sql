-- Operators find users by the beginning of their name.
-- Safe beside the previous release: yes, it does not know the index.

create index app_user_by_name on app_user (lower(name) collate "C", user_id) where name is not null;
