import { useState } from "preact/hooks";
import { formatNumber } from "../../shared/language.ts";
import { Away, Panel } from "../components.tsx";
import { usePolled } from "../polling.ts";
import { goodsTexts } from "./goods-texts.ts";
import { readTopSellers } from "./read-goods.ts";

const spans = ["1", "3", "7", "30"];

/** The products of a concert, or of all, of which the most pieces were paid lately. */
export const TopSellers = ({ concertId }: { concertId: string | null }) => {
  const t = goodsTexts();
  const [days, setDays] = useState("3");
  const { value, hasFailed } = usePolled(() => readTopSellers(days), 5_000, [days]);
  const sellers = value?.filter((it) => concertId === null || it.concertId === concertId);
  const choice = (
    <label class="span">
      <span class="visually-hidden">{t.days}</span>
      <select value={days} onChange={({ currentTarget }) => setDays(currentTarget.value)}>
        {spans.map((span) => (
          <option key={span} value={span}>
            {t.ofDays(span)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <Panel title={t.topSellers} aside={choice}>
      {hasFailed && <Away />}
      {sellers?.length === 0 && <p class="small soft">{t.noSales}</p>}
      <ol class="story">
        {sellers?.map(({ productId, name, piecesPaid }) => (
          <li key={productId} class="row apart">
            <span>{name}</span>
            <b class="num">{t.piecesPaid(formatNumber(piecesPaid))}</b>
          </li>
        ))}
      </ol>
    </Panel>
  );
};
