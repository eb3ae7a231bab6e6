-- The body of the answer to the request that a key of an operator named, so that a replay repeats it.
-- Safe beside the previous release: yes, it leaves the column null; a replay of such a key is refused as reused.

alter table operator_key_use add column answer jsonb;
