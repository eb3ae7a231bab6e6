-- When an instance on the server `run_id` last confirmed that the queue lives there. Instances on another server
-- take the queue over only after three seconds without it.
-- Safe beside the previous release: yes, it does not know the column; its queues can be taken over at once.

alter table queue_epoch add column confirmed_at timestamptz not null default now();
