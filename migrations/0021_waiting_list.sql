-- Whether the waiting list of a queue has begun, so that it goes on after the loss of the queue's store.
-- Safe beside the previous release: yes, it does not know the column. Turn no waiting list on until each of its
-- instances is replaced: it would end the waiting places of a queue that is sold out.

alter table queue_epoch add column waiting_list boolean not null default false;
