import { useState } from "preact/hooks";
import type { OperatorProduct } from "../../../sdk/generated/schemas.ts";
import { formatMoney } from "../../shared/format.ts";
import { formatNumber } from "../../shared/language.ts";
import { may } from "../session.ts";
import { ChangeProduct } from "./change-product.tsx";
import { goodsTexts } from "./goods-texts.ts";

interface RowProps {
  readonly product: OperatorProduct;
  /** The title of the product's concert; null where all products are of one. */
  readonly origin: string | null;
  readonly onChoose: () => void;
}

const ProductRow = ({ product, origin, onChoose }: RowProps) => {
  const t = goodsTexts();
  const { name, price, currency, stock, sold, held, available, perUser, requiresTurn } = product;
  return (
    <tr>
      <th scope="row">
        {may("manage") ? (
          <button class="text-button" type="button" onClick={onChoose}>
            {name} <span class="visually-hidden">{t.change}</span>
          </button>
        ) : (
          name
        )}
        {origin !== null && <span class="held-too">{origin}</span>}
      </th>
      <td class="num">{formatMoney(price, currency)}</td>
      {[stock, sold, held, available, perUser].map((pieces, n) => (
        <td key={n} class="num">
          {formatNumber(pieces)}
        </td>
      ))}
      <td>{requiresTurn ? t.behind : t.notBehind}</td>
    </tr>
  );
};

interface TableProps {
  readonly products: readonly OperatorProduct[];
  readonly originOf: (product: OperatorProduct) => string | null;
  readonly onChange: () => void;
}

/** Products with their pieces. Choosing one changes it, where the role allows that. */
export const ProductTable = ({ products, originOf, onChange }: TableProps) => {
  const t = goodsTexts();
  const [chosen, setChosen] = useState<OperatorProduct | null>(null);
  const done = (isChanged: boolean): void => {
    setChosen(null);
    if (isChanged) onChange();
  };
  return (
    <>
      {may("manage") && <p class="small soft">{t.productsHint}</p>}
      <div class="scroll" role="group" aria-label={t.products} tabIndex={0}>
        <table aria-label={t.products}>
          <thead>
            <tr>
              <th scope="col">{t.product}</th>
              {[t.price, t.stock, t.sold, t.held, t.free, t.perUser].map((head) => (
                <th key={head} scope="col" class="num">
                  {head}
                </th>
              ))}
              <th scope="col">{t.queue}</th>
            </tr>
          </thead>
          <tbody>
            {products.map((product) => (
              <ProductRow
                key={product.productId}
                product={product}
                origin={originOf(product)}
                onChoose={() => setChosen(product)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {chosen !== null && <ChangeProduct key={chosen.productId} product={chosen} onDone={done} />}
    </>
  );
};
