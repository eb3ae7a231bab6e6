-- Goods: products with their pieces, and orders that hold pieces until they are paid.
-- Safe beside the previous release: yes, it knows no goods.

create table product (
  product_id uuid primary key,
  -- Null: a product of the house.
  concert_id uuid references concert,
  name text not null,
  description text,
  price bigint not null constraint product_price_positive check (price > 0),
  currency text not null,
  -- All pieces: free, held and sold ones. held counts those of lapsed orders until their items are RETURNED.
  stock integer not null,
  held integer not null default 0,
  sold integer not null default 0,
  per_user integer not null constraint product_limit_positive check (per_user > 0),
  requires_turn boolean not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint product_pieces_within_stock check (held >= 0 and sold >= 0 and held + sold <= stock),
  constraint product_turn_is_of_a_concert check (concert_id is not null or not requires_turn)
) with (fillfactor = 70);

create index product_of_concert on product (concert_id, product_id);

create table shop_order (
  order_id uuid primary key,
  user_id uuid not null,
  -- Null: all products are of the house.
  concert_id uuid,
  amount bigint not null constraint shop_order_amount_positive check (amount > 0),
  currency text not null,
  status text not null
    constraint shop_order_status_known check (status in ('HELD', 'PAID', 'CANCELLED', 'EXPIRED', 'REFUNDED')),
  held_at timestamptz not null,
  expires_at timestamptz not null,
  payment_id uuid constraint shop_order_payment_once unique,
  -- The balance of the buyer after the payment.
  balance bigint,
  paid_at timestamptz,
  constraint shop_order_paid_has_payment check (
    (status in ('PAID', 'REFUNDED')) = (payment_id is not null)
    and (payment_id is null) = (balance is null)
    and (payment_id is null) = (paid_at is null)
  )
) with (fillfactor = 70);

create index shop_order_of_user on shop_order (user_id, order_id);
create index shop_order_lapsing on shop_order (expires_at) where status = 'HELD';
create index shop_order_paid on shop_order (paid_at) where status = 'PAID';

create table order_item (
  order_id uuid not null references shop_order,
  -- The place in the order, from 1.
  item_no integer not null,
  product_id uuid not null references product,
  -- Name and price as they were when the order was made.
  name text not null,
  quantity integer not null constraint order_item_quantity_positive check (quantity > 0),
  price bigint not null,
  -- RETURNED: the pieces are free again.
  status text not null constraint order_item_status_known check (status in ('HELD', 'SOLD', 'RETURNED')),
  expires_at timestamptz not null,
  primary key (order_id, item_no),
  constraint order_item_product_once unique (order_id, product_id)
) with (fillfactor = 70);

create index order_item_held on order_item (product_id, expires_at) where status = 'HELD';

-- The revenue of goods, apart from that of seats.
alter table ledger_entry
  drop constraint ledger_account_known,
  add constraint ledger_account_known check (account in ('WALLET', 'PAYABLE', 'CASH', 'REVENUE', 'GOODS'));
