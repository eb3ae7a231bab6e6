-- Refunds: money that goes back for tickets, less a fee. Each ticket is refunded once.
-- Safe beside the previous release: yes, it counts the seats of a refund towards the user's limit, and knows no refunds.

create table refund (
  refund_id uuid primary key,
  payment_id uuid not null references payment,
  -- The user who paid.
  user_id uuid not null,
  concert_id uuid not null,
  amount bigint not null constraint refund_amount_positive check (amount > 0),
  fee bigint not null constraint refund_fee_within_amount check (fee between 0 and amount),
  -- Not 0 where the wallet had no room: the operator pays it out.
  payable bigint not null constraint refund_payable_is_the_rest check (payable in (0, amount - fee)),
  balance bigint not null,
  currency text not null,
  refunded_at timestamptz not null,
  -- The operator and the reason; null for a refund that the buyer asked for.
  actor text,
  reason text,
  constraint refund_actor_has_a_reason check ((actor is null) = (reason is null))
);

create index refund_of_payment on refund (payment_id, refund_id);

alter table ticket
  add column refund_id uuid references refund,
  add constraint ticket_refunded_is_void check (refund_id is null or status = 'VOID');

create index ticket_of_refund on ticket (refund_id) where refund_id is not null;

-- A refund and its fee are two transfers with one id.
alter table ledger_entry
  drop constraint ledger_type_known,
  add constraint ledger_type_known check (type in ('CHARGE', 'PAYMENT', 'REFUND', 'FEE')),
  drop constraint ledger_account_known,
  add constraint ledger_account_known check (account in ('WALLET', 'PAYABLE', 'CASH', 'REVENUE')),
  drop constraint ledger_one_side_each,
  add constraint ledger_one_side_each unique (transfer_id, type, account);

create or replace function ledger_refuses_imbalance() returns trigger language plpgsql as $$
begin
  if exists (select from fresh group by transfer_id, type having sum(amount) <> 0 or count(*) <> 2) then
    raise exception 'a transfer does not balance' using constraint = 'ledger_balanced', errcode = 'check_violation';
  end if;
  return null;
end $$;
