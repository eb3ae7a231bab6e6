import type { Failure } from "../../../sdk/client.ts";
import {
  cancelOrder,
  listOrders,
  listProducts,
  payOrder,
  placeOrder,
  type Order,
  type Product,
  type QueueStatus,
} from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { syncClock } from "../../shared/clock.ts";
import { batch, signal } from "../../shared/signals.ts";
import { browserStorage } from "../../shared/storage.ts";
import type { Account } from "../account.ts";
import { announce } from "../live-region.tsx";
import { pagedList } from "../lists/paged-list.ts";
import { partOf } from "../part-of.ts";
import { callAs } from "../session/call.ts";
import { failureText } from "../session/texts.ts";
import { isUnknown, pendingRequest } from "../wallet/pending-request.ts";
import { walletOf } from "../wallet/wallet.ts";
import { shopTexts } from "./texts.ts";

/** The products that everybody sees, of a concert or all. */
export const productList = (concertId: string | null) =>
  pagedList(
    (query, options) =>
      api.call(
        listProducts,
        { limit: "50", ...(concertId === null ? {} : { concertId }), ...query },
        options,
      ),
    ({ productId }: Product) => productId,
  );

export type ProductList = ReturnType<typeof productList>;

interface OrderRequest {
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  /** The queue token, where a product requires the turn. */
  readonly token: string | null;
}

const patience = { triesMax: Infinity, waitMsMax: 3_000 };

const refusalText = (failure: Failure): string => {
  const t = shopTexts();
  switch (failure.code) {
    case "OUT_OF_STOCK":
      return t.outOfStock;
    case "PRODUCT_LIMIT_EXCEEDED":
      return t.limited;
    case "INVALID_REQUEST":
    case "QUEUE_TOKEN_MISMATCH":
      return t.mixed;
    case "QUEUE_TOKEN_INVALID":
    case "QUEUE_TOKEN_ENDED":
    case "QUEUE_NOT_ACTIVE":
      return t.notNow;
    case "ORDER_EXPIRED":
      return t.expired;
    default:
      return failureText(failure);
  }
};

const createShop = (account: Account) => {
  const { userId } = account;
  const shop = {
    account,
    /** The products that the page shows. */
    list: signal(productList(null)),
    /** The newest queue tokens of the concerts in whose queue it is the fan's turn. */
    turns: signal<Readonly<Record<string, string>>>({}),
    /** The chosen pieces of each product. */
    cart: signal<Readonly<Record<string, number>>>({}),
    orders: pagedList(
      async (query, options) => {
        const result = await callAs(
          account,
          listOrders,
          { userId, limit: "20", ...query },
          options,
        );
        const [newest] = result.ok ? result.value.items : [];
        if (newest !== undefined) syncClock(Date.parse(newest.serverTime));
        return result;
      },
      ({ orderId }: Order) => orderId,
    ),
    /** Whether an order, a payment or a cancellation has no answer yet. */
    isBusy: signal(false),
    isAsking: signal(false),
    notice: signal<{ readonly isBad: boolean; readonly text: string } | null>(null),

    choose(productId: string, quantity: number): void {
      shop.cart.value = { ...shop.cart.peek(), [productId]: quantity };
    },
    load(): void {
      void shop.list.peek().refresh();
      void shop.orders.refresh();
      void walletOf(account).load();
    },
  };
  return shop;
};

export type Shop = ReturnType<typeof createShop>;

/** The cart and the orders of an account. */
export const shopOf = (account: Account): Shop => partOf(account, createShop);

/** Whether the fan can order it now, as far as the queue is concerned. */
export const isInTurn = (shop: Shop, { requiresTurn, concertId }: Product): boolean =>
  !requiresTurn || shop.turns.value[concertId ?? ""] !== undefined;

/**
 * The queue token of the fan's turn; null when it is not the fan's turn, undefined without an answer. By the path of
 * the route: its operation is part of the first load, which would grow by handing it out.
 */
const readTurn = async (
  account: Account,
  concertId: string,
): Promise<string | null | undefined> => {
  const place = browserStorage.read<{ token: string }>(account.key(`place.${concertId}`));
  if (place === null) return null;
  const path = `/api/v1/concerts/${concertId}/queue/tokens/me`;
  const { signal: ended } = account;
  const answer = await api.send("GET", path, { token: place.token, signal: ended });
  if (answer === null || answer.status >= 429) return undefined;
  if (!answer.ok) return null;
  const { status, token } = (await answer.json()) as QueueStatus;
  return status === "ACTIVE" ? token : null;
};

/** Asks the queues of these products whether it is the fan's turn. Without an answer the last one counts. */
export const readTurns = async (shop: Shop, shown: readonly Product[]): Promise<void> => {
  const { account } = shop;
  const behind = shown.filter(({ requiresTurn }) => requiresTurn).map((it) => it.concertId ?? "");
  const read = async (concertId: string): Promise<void> => {
    const token = await readTurn(account, concertId).catch(() => undefined);
    if (token === undefined || account.signal.aborted) return;
    const { [concertId]: _, ...others } = shop.turns.peek();
    shop.turns.value = token === null ? others : { ...others, [concertId]: token };
  };
  await Promise.all([...new Set(behind)].map(read));
};

/** Sends a request, tells its outcome, and reads everything again that it changes. */
const act = async (
  shop: Shop,
  success: string,
  send: (options: {
    readonly retry: typeof patience;
    readonly onWait: () => void;
  }) => Promise<{ readonly ok: true } | Failure>,
): Promise<"done" | "refused" | "unknown"> => {
  if (shop.isBusy.peek()) return "unknown";
  batch(() => {
    shop.isBusy.value = true;
    shop.notice.value = null;
  });
  const onWait = (): void => {
    shop.isAsking.value = true;
  };
  const result = await send({ retry: patience, onWait });
  if (shop.account.signal.aborted) return "unknown";
  const text = result.ok ? success : refusalText(result);
  batch(() => {
    shop.isBusy.value = false;
    shop.isAsking.value = false;
    shop.notice.value = { isBad: !result.ok, text };
  });
  if (result.ok) announce(text);
  shop.load();
  if (result.ok) return "done";
  return isUnknown(result) ? "unknown" : "refused";
};

/** Orders the chosen pieces. While an order has no answer, this one is repeated with its key. */
export const order = async (
  shop: Shop,
  chosen: readonly (Product & { readonly quantity: number })[],
): Promise<void> => {
  const { account } = shop;
  const pending = pendingRequest<OrderRequest>(account.key("order"));
  const items = chosen.map(({ productId, quantity }) => ({ productId, quantity }));
  const behind = chosen.find(({ requiresTurn }) => requiresTurn)?.concertId;
  const token = shop.turns.peek()[behind ?? ""] ?? null;
  const { key, request } = pending.begin({ items, token });
  const body = { items: [...request.items] };
  const outcome = await act(shop, shopTexts().held, (options) =>
    request.token === null
      ? callAs(account, placeOrder, { body }, { ...options, key })
      : api.call(
          placeOrder,
          { body },
          { ...options, key, token: request.token, signal: account.signal },
        ),
  );
  if (outcome !== "unknown") pending.clear();
  if (outcome === "done") shop.cart.value = {};
};

/** Pays an order. This tab keeps the key of its payment, so a reload asks for the same payment. */
export const pay = async (shop: Shop, orderId: string): Promise<void> => {
  const pending = pendingRequest<null>(shop.account.key(`pay.${orderId}`));
  const { key } = pending.begin(null);
  const outcome = await act(shop, shopTexts().paid, (options) =>
    callAs(shop.account, payOrder, { orderId }, { ...options, key }),
  );
  if (outcome !== "unknown") pending.clear();
};

/** Cancels an order. A second cancellation changes nothing. */
export const cancel = async (shop: Shop, orderId: string): Promise<void> => {
  await act(shop, shopTexts().cancelled, (options) =>
    callAs(shop.account, cancelOrder, { orderId }, options),
  );
};
