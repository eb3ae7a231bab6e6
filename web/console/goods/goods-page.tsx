import { useState } from "preact/hooks";
import type { OperatorProduct } from "../../../sdk/generated/schemas.ts";
import { Audit } from "../audit.tsx";
import { Away, Back, Panel, Part } from "../components.tsx";
import { useConcerts } from "../find/use-concerts.ts";
import { usePolled } from "../polling.ts";
import { may } from "../session.ts";
import { texts } from "../texts.ts";
import { goodsTexts } from "./goods-texts.ts";
import { NewProduct } from "./new-product.tsx";
import { Orders } from "./orders.tsx";
import { ProductTable } from "./product-table.tsx";
import { readProducts } from "./read-goods.ts";
import { TopSellers } from "./top-sellers.tsx";

const pageSize = 100;

const isOfConcert = (it: string | null): it is string => it !== null;

const Head = ({ concertId, title }: { concertId: string | null; title: string | undefined }) => {
  const t = goodsTexts();
  return (
    <div>
      <h1>{t.goods}</h1>
      {concertId === null ? (
        <p class="soft">{t.ofAll}</p>
      ) : (
        <p class="soft">
          <a href={`/console/${concertId}`} data-in>
            {title ?? concertId}
          </a>{" "}
          ·{" "}
          <a href="/console/goods" data-in>
            {t.allGoods}
          </a>
        </p>
      )}
    </div>
  );
};

const useProducts = (concertId: string | null) => {
  const [count, setCount] = useState(pageSize);
  const polled = usePolled(() => readProducts(concertId, count), 3_000, [concertId, count]);
  return { ...polled, more: () => setCount(count + pageSize) };
};

interface ProductsProps {
  readonly read: ReturnType<typeof useProducts>;
  readonly originOf: (product: OperatorProduct) => string | null;
}

const Products = ({ read, originOf }: ProductsProps) => {
  const t = goodsTexts();
  const { value, hasFailed, refresh, more } = read;
  const products = value?.items ?? [];
  return (
    <Panel title={t.products}>
      {hasFailed && <Away />}
      {value?.items.length === 0 && <p class="note">{t.noProducts}</p>}
      {products.length > 0 && (
        <ProductTable products={products} originOf={originOf} onChange={refresh} />
      )}
      {value?.hasMore === true && (
        <button class="text-button" type="button" onClick={more}>
          {texts().more}
        </button>
      )}
    </Panel>
  );
};

/** The products, top sellers, orders and changes of one sale, or of all sales and of the house. */
export const GoodsPage = ({ concertId }: { concertId: string | null }) => {
  const t = goodsTexts();
  const read = useProducts(concertId);
  const { value, refresh } = read;
  const products = value?.items ?? [];
  const concertIds = [concertId, ...products.map((it) => it.concertId)].filter(isOfConcert);
  const concerts = useConcerts([...new Set(concertIds)]);
  const concert = concerts.get(concertId ?? "") ?? null;
  const originOf = (product: OperatorProduct): string | null => {
    if (concertId !== null) return null;
    const { concertId: own } = product;
    return own === null ? t.ofHouse : (concerts.get(own)?.title ?? own);
  };
  return (
    <div class="stack">
      <Back />
      <Head concertId={concertId} title={concert?.title} />
      <Products read={read} originOf={originOf} />
      <div class="columns">
        <div class="stack">
          {may("manage") && (
            <Part>
              <NewProduct concertId={concertId} onCreated={refresh} />
            </Part>
          )}
          <Part>
            <TopSellers concertId={concertId} />
          </Part>
        </div>
        <div class="stack">
          <Part>
            <Orders concertId={concertId} onChange={refresh} />
          </Part>
          {(concertId === null || concert !== null) && (
            <Part>
              <Audit concert={concert} plan={null} />
            </Part>
          )}
        </div>
      </div>
    </div>
  );
};
