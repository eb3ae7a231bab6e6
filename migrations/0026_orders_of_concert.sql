-- Operators list the orders of one concert.
-- Safe beside the previous release: yes, it does not know the index.

create index shop_order_of_concert on shop_order (concert_id, order_id) where concert_id is not null;
