import { listOperatorOrders, listOperatorProducts } from "../../../sdk/generated/operator.ts";
import { listTopSellers } from "../../../sdk/generated/goods.ts";
import { readPages } from "../find/read-pages.ts";
import { callOperator } from "../session.ts";

// Lists of goods, read again by the page that shows them: a call that fails is not repeated.

const once = { retry: { triesMax: 1 } } as const;

/** Up to `count` products of a concert, or of all concerts and of the house; null when they cannot be read. */
export const readProducts = (concertId: string | null, count: number) =>
  readPages(count, async (cursor) => {
    const query = {
      limit: "100",
      ...(concertId === null ? {} : { concertId }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const result = await callOperator(listOperatorProducts, query, once);
    return result.ok ? result.value : null;
  });

/** Whose orders are listed. Null: any. */
export interface OrderFilter {
  readonly userId: string | null;
  readonly concertId: string | null;
}

/** Up to `count` orders, newest first; null when they cannot be read. */
export const readOrders = ({ userId, concertId }: OrderFilter, count: number) =>
  readPages(count, async (cursor) => {
    const query = {
      limit: "50",
      ...(userId === null ? {} : { userId }),
      ...(concertId === null ? {} : { concertId }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const result = await callOperator(listOperatorOrders, query, once);
    return result.ok ? result.value : null;
  });

/** The top sellers of the last days; null when they cannot be read. */
export const readTopSellers = async (days: string) => {
  const result = await callOperator(listTopSellers, { days, limit: "100" }, once);
  return result.ok ? result.value.items : null;
};
