import type { Bookings } from "#kernel/bookings.ts";
import type { OrderId, ProductId, UserId } from "#kernel/ids.ts";
import { readClock } from "#platform/postgres/clock.ts";
import { CommitUnknown, type Database, type Queryable } from "#platform/postgres/database.ts";
import { decideCancel, type CancelOrderOutcome } from "../../domain/decide-cancel.ts";
import { decideOrder, type PlaceOrder, type PlaceOrderOutcome } from "../../domain/decide-order.ts";
import {
  decidePayment,
  type OrderPaid,
  type PayOrder,
  type PayOrderOutcome,
} from "../../domain/decide-payment.ts";
import { decideRefund, type RefundOrderOutcome } from "../../domain/decide-refund.ts";
import type { Order } from "../../domain/order.ts";
import type { Orders, RefundOrder } from "../../ports/orders.ts";
import type { Turns } from "../turns.ts";
import { addAudit } from "./audit.ts";
import {
  beginShelf,
  lockProducts,
  lockProductsOf,
  moveItems,
  readProducts,
  returnLapsed,
} from "./lock-products.ts";
import { findOrder, listOrders, readOrder } from "./read-orders.ts";

export interface PgOrdersOptions {
  readonly database: Database;
  readonly bookings: Bookings<Queryable>;
  readonly turns: Pick<Turns, "run">;
}

/** Ends a transaction that has refused its command: what it freed for its judgement is the sweeper's to write. */
class Refused<Outcome> extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super("the command was refused");
    this.outcome = outcome;
  }
}

/**
 * Runs the transaction of a command. After a COMMIT whose answer was lost it runs once more, `again`: then it finds
 * what the first one did by the ids of the command.
 */
const transact = async <Outcome extends object>(
  { database, turns }: PgOrdersOptions,
  work: (tx: Queryable, again: boolean) => Promise<Outcome>,
): Promise<Outcome> => {
  const run = (again: boolean) => turns.run(() => database.transaction((tx) => work(tx, again)));
  try {
    return await run(false).catch((error: unknown) => {
      if (error instanceof CommitUnknown) return run(true);
      throw error;
    });
  } catch (error) {
    if (error instanceof Refused) return error.outcome as Outcome;
    throw error;
  }
};

/** The pieces of each product that the user holds and owns. */
const readOwned = async (
  tx: Queryable,
  userId: UserId,
  productIds: readonly ProductId[],
): Promise<Map<ProductId, number>> => {
  const rows = await tx.query<{ productId: ProductId; pieces: number }>({
    name: "shop-read-owned",
    text: `
      select i.product_id as "productId", sum(i.quantity)::int as pieces
      from shop_order o
      join order_item i using (order_id)
      where o.user_id = $1 and i.product_id = any ($2::uuid[]) and i.status <> 'RETURNED'
      group by i.product_id`,
    values: [userId, productIds],
  });
  return new Map(rows.map(({ productId, pieces }) => [productId, pieces]));
};

const insertOrder = async (tx: Queryable, order: Order): Promise<void> => {
  const { items } = order;
  await Promise.all([
    tx.query({
      name: "shop-insert-order",
      text: `
        insert into shop_order
          (order_id, user_id, concert_id, amount, currency, status, held_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000))`,
      values: [
        order.orderId,
        order.userId,
        order.concertId,
        order.amount,
        order.currency,
        order.status,
        order.heldAtMs,
        order.expiresAtMs,
      ],
    }),
    tx.query({
      name: "shop-insert-items",
      text: `
        with made as (
          insert into order_item
            (order_id, item_no, product_id, name, quantity, price, status, expires_at)
          select $1, item_no, product_id, name, quantity, price, 'HELD', to_timestamp($2::float8 / 1000)
          from unnest($3::uuid[], $4::text[], $5::int[], $6::bigint[]) with ordinality
            as item (product_id, name, quantity, price, item_no)
          returning product_id, quantity
        )
        update product p set held = p.held + made.quantity from made where p.product_id = made.product_id`,
      values: [
        order.orderId,
        order.expiresAtMs,
        items.map(({ productId }) => productId),
        items.map(({ name }) => name),
        items.map(({ quantity }) => quantity),
        items.map(({ price }) => price),
      ],
    }),
  ]);
};

const placeIn = async (
  tx: Queryable,
  { bookings }: PgOrdersOptions,
  command: PlaceOrder,
  again: boolean,
): Promise<PlaceOrderOutcome> => {
  const { userId, intent, orderId } = command;
  const productIds = command.items.map(({ productId }) => productId);
  // No call waits for the one before, so the connection sends all statements as one pipeline, in this order.
  const [, known, , nowMs, products, owned, made] = await Promise.all([
    beginShelf(tx),
    intent && bookings.claimKey(tx, userId, intent),
    lockProducts(tx, productIds),
    returnLapsed(tx, productIds),
    readProducts(tx, productIds),
    readOwned(tx, userId, productIds),
    again ? findOrder(tx, orderId) : null,
  ]);
  if (made !== null) return { kind: "held", order: made.order };
  if (known !== null) throw new Refused(known);
  const shelf = { products: new Map(products.map((one) => [one.productId, one])), owned, nowMs };
  const outcome = decideOrder(shelf, command);
  if (outcome.kind !== "held") throw new Refused(outcome);
  const answer = intent && { intent, content: outcome.order };
  await Promise.all([
    insertOrder(tx, outcome.order),
    bookings.book(tx, { userId, transfer: null, answer }),
  ]);
  return outcome;
};

const savePayment = (tx: Queryable, { orderId, payment }: OrderPaid["order"]) =>
  tx.query({
    name: "shop-save-payment",
    text: `
      update shop_order
      set status = 'PAID', payment_id = $2, balance = $3, paid_at = to_timestamp($4::float8 / 1000)
      where order_id = $1`,
    values: [orderId, payment.paymentId, payment.balance, payment.paidAtMs],
  });

const payIn = async (
  tx: Queryable,
  { bookings }: PgOrdersOptions,
  command: PayOrder,
): Promise<PayOrderOutcome> => {
  const { orderId, userId, intent } = command;
  const [, known, , balance, found, nowMs] = await Promise.all([
    beginShelf(tx),
    bookings.claimKey(tx, userId, intent),
    lockProductsOf(tx, orderId, userId),
    bookings.lockBalance(tx, userId),
    findOrder(tx, orderId),
    readClock(tx),
  ]);
  const isOwn = known?.kind === "replayed" && isPaymentOf(known.answer, command);
  if (known !== null && !isOwn) throw new Refused(known);
  const outcome = decidePayment(found, command, { balance, nowMs });
  if (outcome.kind !== "paid" && outcome.kind !== "already-paid") throw new Refused(outcome);
  const { order } = outcome;
  const answer = { intent, content: outcome };
  if (outcome.kind === "already-paid") {
    await bookings.book(tx, { userId, transfer: null, answer });
  } else if (found?.order.status === "HELD") {
    const { paymentId: transferId, balance: after, paidAtMs: atMs } = order.payment;
    const { concertId, amount } = order;
    const transfer = {
      type: "PAYMENT" as const,
      transferId,
      concertId,
      amount,
      balance: after,
      atMs,
    };
    await Promise.all([
      moveItems(tx, [orderId], { from: "HELD", to: "SOLD" }),
      savePayment(tx, order),
      bookings.book(tx, { userId, transfer, answer }),
    ]);
  }
  return outcome;
};

/** Whether the stored answer is of this very command, whose first COMMIT had no answer. */
const isPaymentOf = (answer: unknown, { paymentId }: PayOrder): boolean =>
  (answer as OrderPaid).order.payment.paymentId === paymentId;

const endOrder = (tx: Queryable, orderId: OrderId, status: Order["status"]) =>
  tx.query({
    name: "shop-end-order",
    text: "update shop_order set status = $2 where order_id = $1",
    values: [orderId, status],
  });

const cancelIn = async (
  tx: Queryable,
  orderId: OrderId,
  userId: UserId,
): Promise<CancelOrderOutcome> => {
  const [, , found, nowMs] = await Promise.all([
    beginShelf(tx),
    lockProductsOf(tx, orderId, userId),
    findOrder(tx, orderId),
    readClock(tx),
  ]);
  const outcome = decideCancel(found?.order ?? null, userId, nowMs);
  if (outcome.kind !== "cancelled" || outcome.ended === null) throw new Refused(outcome);
  const { status } = outcome.ended;
  await Promise.all([
    moveItems(tx, [orderId], { from: "HELD", to: "RETURNED" }),
    endOrder(tx, orderId, status),
  ]);
  return outcome;
};

const refundIn = async (
  tx: Queryable,
  { bookings }: PgOrdersOptions,
  { orderId, userId, actor, reason }: RefundOrder,
): Promise<RefundOrderOutcome> => {
  const [, , balance, found, nowMs] = await Promise.all([
    beginShelf(tx),
    lockProductsOf(tx, orderId, userId),
    bookings.lockBalance(tx, userId),
    findOrder(tx, orderId),
    readClock(tx),
  ]);
  const outcome = decideRefund(found?.order ?? null, { balance, nowMs });
  if (outcome.kind !== "refunded") throw new Refused(outcome);
  const { concertId, amount, payment } = outcome.order;
  const transfer = { transferId: payment.paymentId, concertId, amount, atMs: nowMs };
  await Promise.all([
    moveItems(tx, [orderId], { from: "SOLD", to: "RETURNED" }),
    endOrder(tx, orderId, "REFUNDED"),
    bookings.book(tx, {
      userId,
      transfer: { ...transfer, type: "REFUND", balance: outcome.balance },
      answer: null,
    }),
    addAudit(tx, {
      actor,
      action: "order.refunded",
      concertId,
      before: { orderId, userId, status: "PAID" },
      after: { orderId, status: "REFUNDED", amount, payable: outcome.balance === null, reason },
    }),
  ]);
  return outcome;
};

/** The orders in PostgreSQL. */
export const pgOrders = (options: PgOrdersOptions): Orders => ({
  place: (command) => transact(options, (tx, again) => placeIn(tx, options, command, again)),
  pay: (command) => transact(options, (tx) => payIn(tx, options, command)),
  cancel: (orderId, userId) => transact(options, (tx) => cancelIn(tx, orderId, userId)),
  refund: (command) => transact(options, (tx) => refundIn(tx, options, command)),
  find: (orderId) => readOrder(options.database, orderId),
  list: (query) => listOrders(options.database, query),
});
