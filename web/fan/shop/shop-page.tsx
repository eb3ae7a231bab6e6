import { useEffect, useMemo } from "preact/hooks";
import type { Order, Product } from "../../../sdk/generated/index.ts";
import { formatMoment, formatMoney } from "../../shared/format.ts";
import { formatNumber } from "../../shared/language.ts";
import { effect, untracked } from "../../shared/signals.ts";
import { account as signedIn, type Account } from "../account.ts";
import { Countdown, PageHeading, setPageTitle } from "../components.tsx";
import { keepFresh } from "../lists/keep-fresh.ts";
import { ListFrame, ListItem } from "../lists/list-frame.tsx";
import { SessionEnded } from "../session/recovery.tsx";
import { Charge } from "../wallet/charge.tsx";
import { walletOf } from "../wallet/wallet.ts";
import { concertOfAddress } from "../concerts/shop-address.ts";
import {
  cancel,
  isInTurn,
  order as placeOrder,
  pay,
  productList,
  readTurns,
  shopOf,
  type ProductList,
  type Shop,
} from "./shop.ts";
import { shopTexts } from "./texts.ts";
import "./shop.css";

/** Chooses a number of pieces, up to the limit and to what is left. */
const Stepper = ({ product, shop }: { product: Product; shop: Shop }) => {
  const t = shopTexts();
  const { productId, name, perUser, available } = product;
  const chosen = shop.cart.value[productId] ?? 0;
  const most = Math.min(perUser, available);
  return (
    <div class="stepper">
      <button
        class="button quiet"
        type="button"
        aria-label={`−1 ${name}`}
        disabled={chosen === 0}
        onClick={() => shop.choose(productId, chosen - 1)}
      >
        −1
      </button>
      <output class="num" aria-label={t.pieces(formatNumber(chosen), name)}>
        {formatNumber(chosen)}
      </output>
      <button
        class="button quiet"
        type="button"
        aria-label={`+1 ${name}`}
        disabled={chosen >= most}
        onClick={() => shop.choose(productId, chosen + 1)}
      >
        +1
      </button>
    </div>
  );
};

/** Whether it is the fan's turn to order a product behind a queue, and else the way to that queue. */
const TurnNote = ({ product, shop }: { product: Product; shop: Shop | null }) => {
  const t = shopTexts();
  if (!product.requiresTurn) return null;
  if (shop !== null && isInTurn(shop, product)) return <p class="note spot">{t.isTurn}</p>;
  return (
    <p class="note">
      {t.noTurn}{" "}
      <a href={`/concerts/${product.concertId}`} data-in>
        {t.toQueue} <span class="visually-hidden">{product.name}</span>
      </a>
    </p>
  );
};

const ProductCard = ({ product, shop }: { product: Product; shop: Shop | null }) => {
  const t = shopTexts();
  const { name, description, price, currency, available, perUser, requiresTurn } = product;
  return (
    <li class="card product">
      <h3>{name}</h3>
      {description !== null && <p class="soft">{description}</p>}
      <p class="row apart num">
        <b>{formatMoney(price, currency)}</b>
        <span class="soft">{available > 0 ? t.left(formatNumber(available)) : t.soldOut}</span>
      </p>
      <p class="soft small">{t.limit(formatNumber(perUser))}</p>
      {requiresTurn && <p class="soft small">{t.turn}</p>}
      <TurnNote product={product} shop={shop} />
      {shop !== null && available > 0 && isInTurn(shop, product) && (
        <Stepper product={product} shop={shop} />
      )}
    </li>
  );
};

/** The chosen pieces with their sum, and the button that holds them. */
const Cart = ({ shop }: { shop: Shop }) => {
  const t = shopTexts();
  const chosen = (shop.list.value.items.value ?? [])
    .map((product) => ({ ...product, quantity: shop.cart.value[product.productId] ?? 0 }))
    .filter((product) => product.quantity > 0 && isInTurn(shop, product));
  const [first] = chosen;
  if (first === undefined) return null;
  const sum = chosen.reduce((total, { price, quantity }) => total + price * quantity, 0);
  return (
    <button
      class="button wide"
      type="button"
      aria-disabled={shop.isBusy.value}
      onClick={() => void placeOrder(shop, chosen)}
    >
      {shop.isBusy.value ? t.ordering : t.order(formatMoney(sum, first.currency))}
    </button>
  );
};

const Payment = ({ order, shop, account }: { order: Order; shop: Shop; account: Account }) => {
  const t = shopTexts();
  const { orderId, amount, currency, expiresAt } = order;
  const { value: wallet } = walletOf(account).balance;
  const missing = wallet === null ? 0 : Math.max(0, amount - wallet.balance);
  const money = (value: number): string => formatMoney(value, currency);
  return (
    <div class="stack">
      <p>
        {t.payWithin} <Countdown untilMs={Date.parse(expiresAt)} />
      </p>
      {missing > 0 ? (
        <>
          <p>{t.short(money(missing))}</p>
          <Charge account={account} missing={missing} isShort />
        </>
      ) : (
        <button
          class="button wide"
          type="button"
          aria-disabled={shop.isBusy.value}
          onClick={() => void pay(shop, orderId)}
        >
          {shop.isBusy.value ? t.paying : t.pay(money(amount))}
        </button>
      )}
      <button class="text-button" type="button" onClick={() => void cancel(shop, orderId)}>
        {t.cancel}
      </button>
    </div>
  );
};

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const OrderCard = (props: { order: Order; shop: Shop; account: Account }) => {
  const t = shopTexts();
  const { items, amount, currency, status, heldAt } = props.order;
  return (
    <li class="card stack">
      <p class="row apart">
        <span class="soft small num">{formatMoment(heldAt, ownZone)}</span>
        <span class={status === "HELD" ? "chip live" : "chip"}>{t.status[status]}</span>
      </p>
      <p>
        {items.map(({ name, quantity }) => t.pieces(formatNumber(quantity), name)).join(", ")}
        {" · "}
        <span class="num">{formatMoney(amount, currency)}</span>
      </p>
      {status === "HELD" && <Payment {...props} />}
    </li>
  );
};

const OwnShop = ({ account, list }: { account: Account; list: ProductList }) => {
  const t = shopTexts();
  const shop = shopOf(account);
  const { value: notice } = shop.notice;
  useEffect(() => {
    shop.list.value = list;
    const stops = [
      keepFresh(shop.load),
      effect(() => {
        const shown = list.items.value ?? [];
        untracked(() => void readTurns(shop, shown));
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [shop, list]);
  if (account.isEnded.value) return <SessionEnded account={account} />;
  return (
    <>
      <Products list={list} shop={shop} />
      <div class="stack">
        <Cart shop={shop} />
        <p role="status" class="note" hidden={!shop.isAsking.value}>
          {shop.isAsking.value && t.asking}
        </p>
        {notice !== null && (
          <p class={notice.isBad ? "note bad" : "note"} role={notice.isBad ? "alert" : undefined}>
            {notice.text}
          </p>
        )}
      </div>
      <section class="stack" aria-labelledby="orders">
        <h2 id="orders">{t.orders}</h2>
        <ListFrame list={shop.orders} empty={<p class="soft">{t.noOrders}</p>}>
          <ul class="goods">
            {shop.orders.items.value?.map((order) => (
              <ListItem key={order.orderId}>
                <OrderCard order={order} shop={shop} account={account} />
              </ListItem>
            ))}
          </ul>
        </ListFrame>
      </section>
    </>
  );
};

const Products = ({ list, shop }: { list: ProductList; shop: Shop | null }) => {
  const t = shopTexts();
  return (
    <section class="stack" aria-labelledby="products">
      <h2 id="products">{t.products}</h2>
      {concertOfAddress() !== null && (
        <p>
          {t.ofConcert} · <a href="/shop">{t.toAll}</a>
        </p>
      )}
      <ListFrame list={list} empty={<p class="soft">{t.none}</p>}>
        <ul class="goods">
          {list.items.value?.map((product) => (
            <ListItem key={product.productId}>
              <ProductCard product={product} shop={shop} />
            </ListItem>
          ))}
        </ul>
      </ListFrame>
    </section>
  );
};

const ForEverybody = ({ list }: { list: ProductList }) => {
  const t = shopTexts();
  useEffect(() => keepFresh(list.refresh), [list]);
  return (
    <>
      <p class="note">
        {t.signIn}{" "}
        <a href="/me" data-in>
          {t.toMe}
        </a>
      </p>
      <Products list={list} shop={null} />
    </>
  );
};

/** The products on sale, of the concert that the address names or all; the fan's cart, and the fan's orders. */
export const ShopPage = () => {
  const t = shopTexts();
  const { value: account } = signedIn;
  const concertId = concertOfAddress();
  const list = useMemo(() => productList(concertId), [concertId]);
  setPageTitle(t.title);
  return (
    <div class="stack shop">
      <PageHeading>{t.title}</PageHeading>
      {account === null ? (
        <ForEverybody list={list} />
      ) : (
        <OwnShop key={account.userId} account={account} list={list} />
      )}
    </div>
  );
};
