import { useState } from "preact/hooks";
import { refundOrder } from "../../../sdk/generated/operator.ts";
import type { Order } from "../../../sdk/generated/schemas.ts";
import { formatMoney } from "../../shared/format.ts";
import { formatNumber } from "../../shared/language.ts";
import { Away, Field, Panel } from "../components.tsx";
import { momentIn, ownZone } from "../moments.ts";
import { usePolled } from "../polling.ts";
import { RefundDialog } from "../refund-dialog.tsx";
import { callOperator, may, refusalText } from "../session.ts";
import { useIntentKey } from "../submitting.ts";
import { texts } from "../texts.ts";
import { goodsTexts } from "./goods-texts.ts";
import { readOrders, type OrderFilter } from "./read-goods.ts";

const piecesOf = ({ items }: Order): string =>
  items.map(({ quantity, name }) => goodsTexts().pieces(formatNumber(quantity), name)).join(", ");

interface OrderProps {
  readonly order: Order;
  readonly onChange: () => void;
}

/** Refunds an order in full with a reason, after a confirmation. */
const RefundOrder = ({
  order,
  onDone,
}: {
  order: Order;
  onDone: (isRefunded: boolean) => void;
}) => {
  const t = goodsTexts();
  const { orderId, amount, currency } = order;
  // An order is refunded once, whatever the key. With one the client repeats a request that got no answer.
  const { key } = useIntentKey();
  return (
    <RefundDialog
      title={t.refundTitle}
      what={`${piecesOf(order)} · ${formatMoney(amount, currency)}`}
      warning={t.refundWarn}
      refund={(reason) => callOperator(refundOrder, { orderId, body: { reason } }, { key })}
      refusalOf={(failure) =>
        failure.code === "ORDER_NOT_REFUNDABLE" ? t.notRefundable : refusalText(failure)
      }
      onDone={onDone}
    />
  );
};

const OrderItem = ({ order, onChange }: OrderProps) => {
  const t = goodsTexts();
  const [isRefunding, setRefunding] = useState(false);
  const { orderId, userId, amount, currency, status, heldAt } = order;
  const done = (isRefunded: boolean): void => {
    setRefunding(false);
    if (isRefunded) onChange();
  };
  return (
    <li class="stack tight">
      <span class="row apart">
        <b>{piecesOf(order)}</b>
        <span class="chip">{t.status[status]}</span>
      </span>
      <span class="num">
        {formatMoney(amount, currency)} · {momentIn(ownZone)(heldAt)}
      </span>
      <span class="small soft">
        {t.user}{" "}
        <a href={`/console/users/${userId}`} data-in>
          <code>{userId}</code>
        </a>
        <br />
        {t.orderId} <code>{orderId}</code>
      </span>
      {status === "PAID" && may("administer") && (
        <span>
          <button class="button quiet danger" type="button" onClick={() => setRefunding(true)}>
            {t.refund} <span class="visually-hidden">{piecesOf(order)}</span>
          </button>
        </span>
      )}
      {isRefunding && <RefundOrder order={order} onDone={done} />}
    </li>
  );
};

const pageSize = 20;
const idPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Orders, newest first, with their refunds. */
export const OrderList = (props: OrderFilter & { readonly onChange: () => void }) => {
  const t = goodsTexts();
  const { userId, concertId, onChange } = props;
  const [count, setCount] = useState(pageSize);
  const { value, hasFailed, refresh } = usePolled(
    () => readOrders({ userId, concertId }, count),
    3_000,
    [userId, concertId, count],
  );
  const changed = (): void => {
    refresh();
    onChange();
  };
  return (
    <>
      {hasFailed && <Away />}
      {value?.items.length === 0 && <p class="small soft">{t.noOrders}</p>}
      <ul class="story">
        {value?.items.map((order) => (
          <OrderItem key={order.orderId} order={order} onChange={changed} />
        ))}
      </ul>
      {value?.hasMore === true && (
        <button class="text-button" type="button" onClick={() => setCount(count + pageSize)}>
          {texts().more}
        </button>
      )}
    </>
  );
};

interface OrdersProps {
  /** Null: of all concerts and of the house. */
  readonly concertId: string | null;
  readonly onChange: () => void;
}

/** The orders of a concert or of all, and those of one user among them. */
export const Orders = ({ concertId, onChange }: OrdersProps) => {
  const t = goodsTexts();
  const [typed, setTyped] = useState("");
  const [userId, setUserId] = useState<string | null>(null);
  const [isBad, setBad] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    const asked = typed.trim();
    const isId = asked === "" || idPattern.test(asked);
    setBad(!isId);
    if (isId) setUserId(asked === "" ? null : asked);
  };
  return (
    <Panel title={t.orders}>
      <form class="row end" noValidate onSubmit={submit}>
        <Field
          label={t.ordersOf}
          value={typed}
          onInput={setTyped}
          at="/userId"
          errors={isBad ? [{ pointer: "/userId", message: t.badId }] : []}
        />
        <button class="button quiet">{t.show}</button>
      </form>
      <OrderList key={userId} userId={userId} concertId={concertId} onChange={onChange} />
    </Panel>
  );
};
