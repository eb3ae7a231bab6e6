import { useEffect, useState } from "preact/hooks";
import { listProducts } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { keepFresh } from "../lists/keep-fresh.ts";
import { shopOfConcert } from "./shop-address.ts";
import { concertTexts } from "./texts.ts";

/** Products seldom change, and all fans of a concert ask. */
const everyMs = 300_000;

/** A link to the products of a concert, where it has any. */
export const ShopLink = ({ concertId }: { concertId: string }) => {
  const [hasProducts, setHasProducts] = useState(false);
  useEffect(() => {
    const load = async (): Promise<void> => {
      const result = await api.call(listProducts, { concertId, limit: "1" });
      if (result.ok) setHasProducts(result.value.items.length > 0);
    };
    return keepFresh(load, everyMs);
  }, [concertId]);
  if (!hasProducts) return null;
  return (
    <p>
      <a class="button quiet" href={shopOfConcert(concertId)}>
        {concertTexts().ofConcert}
      </a>
    </p>
  );
};
