import { readUserRecord } from "../../../sdk/generated/operator.ts";
import type { UserRecord } from "../../../sdk/generated/schemas.ts";
import { formatMoney } from "../../shared/format.ts";
import { Away, Back, Panel, Part } from "../components.tsx";
import { UserDesk } from "../desk.tsx";
import { goodsTexts } from "../goods/goods-texts.ts";
import { OrderList } from "../goods/orders.tsx";
import { momentIn, ownZone } from "../moments.ts";
import { usePolled } from "../polling.ts";
import { callOperator, may } from "../session.ts";
import { findTexts } from "./find-texts.ts";
import { useConcerts } from "./use-concerts.ts";
import { UserMoney, UserQueues } from "./user-lists.tsx";

const read = async (userId: string): Promise<UserRecord | "unknown" | null> => {
  const result = await callOperator(readUserRecord, { userId }, { retry: { triesMax: 1 } });
  if (result.ok) return result.value;
  return result.code === "NOT_FOUND" || result.code === "INVALID_REQUEST" ? "unknown" : null;
};

const concertsOf = ({ places, reservations, payments, tickets }: UserRecord): readonly string[] => [
  ...places.items.map(({ concertId }) => concertId),
  ...reservations.items.map(({ concertId }) => concertId),
  ...payments.items.flatMap((payment) => payment.tickets.map(({ concertId }) => concertId)),
  ...tickets.items.map(({ concertId }) => concertId),
];

const Head = ({ record }: { record: UserRecord }) => {
  const t = findTexts();
  const { userId, name, createdAt, erasedAt, balance } = record;
  const moment = momentIn(ownZone);
  return (
    <div class="row apart">
      <div>
        <h1>{name ?? t.noName}</h1>
        <p class="soft">
          <code>{userId}</code> ·{" "}
          {erasedAt === null ? t.createdAt(moment(createdAt)) : t.erased(moment(erasedAt))}
        </p>
      </div>
      <p class="num">
        {t.balance} <b>{formatMoney(balance.balance, balance.currency)}</b>
      </p>
    </div>
  );
};

/** Everything about one user, with the desk. */
export const UserPage = ({ userId }: { userId: string }) => {
  const { value, hasFailed, refresh } = usePolled(() => read(userId), 3_000, [userId]);
  const record = value === "unknown" ? null : value;
  const concerts = useConcerts(record === null ? [] : concertsOf(record));
  return (
    <div class="stack">
      <Back />
      {hasFailed && <Away />}
      {value === "unknown" && <h1>{findTexts().noSuchUser}</h1>}
      {record !== null && (
        <>
          <Part>
            <Head record={record} />
          </Part>
          <div class="columns">
            <div class="stack">
              {may("administer") && record.erasedAt === null && (
                <Part>
                  <UserDesk userId={userId} />
                </Part>
              )}
              <Part>
                <UserQueues record={record} concerts={concerts} onChange={refresh} />
              </Part>
            </div>
            <div class="stack">
              <Part>
                <UserMoney record={record} concerts={concerts} onChange={refresh} />
              </Part>
              <Part>
                <Panel title={goodsTexts().ordersOfGoods}>
                  <OrderList userId={userId} concertId={null} onChange={refresh} />
                </Panel>
              </Part>
            </div>
          </div>
        </>
      )}
    </div>
  );
};
