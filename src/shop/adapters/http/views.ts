import { toRfc3339, type InstantMs } from "#kernel/instant.ts";
import type { OrderPaid } from "../../domain/decide-payment.ts";
import type { Order } from "../../domain/order.ts";
import { freePieces, type StockedProduct } from "../../domain/product.ts";
import type { TopSeller } from "../../ports/products.ts";

/** *product* of the contract, with its free pieces. */
export const productView = (product: StockedProduct) => {
  const { held: _, sold: __, ...shown } = product;
  return { ...shown, available: freePieces(product) };
};

export const operatorProductView = (product: StockedProduct) => ({
  ...product,
  available: freePieces(product),
});

export const topSellerView = ({ product, piecesPaid }: TopSeller) => ({
  ...productView(product),
  piecesPaid,
});

/** *order* of the contract. */
export const orderView = (order: Order, nowMs: InstantMs = order.heldAtMs) => {
  const { concertId: _, payment, heldAtMs, expiresAtMs, ...shown } = order;
  return {
    ...shown,
    heldAt: toRfc3339(heldAtMs),
    expiresAt: toRfc3339(expiresAtMs),
    paymentId: payment?.paymentId ?? null,
    serverTime: toRfc3339(nowMs),
  };
};

// Each answer is made from the stored outcome alone, so that the answer to a command and the answer to a retry with
// its key are the same to the byte.

export const placeOrderSuccess = (order: Order) => ({
  status: 201 as const,
  body: orderView(order),
});

const payStatus = { paid: 201, "already-paid": 200 } as const;

export const payOrderSuccess = ({ kind, order }: OrderPaid) => {
  const { orderId, amount, currency, payment } = order;
  const { paymentId, balance, paidAtMs } = payment;
  return {
    status: payStatus[kind],
    body: { paymentId, orderId, amount, currency, balance, paidAt: toRfc3339(paidAtMs) },
  };
};
