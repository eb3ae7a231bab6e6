import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId, MintId, ProductId } from "#kernel/ids.ts";
import { toPage, withOneMore, type Page } from "#kernel/page.ts";
import type { Product, StockedProduct } from "../domain/product.ts";
import type { AddProductOutcome, ProductQuery, Products, TopSeller } from "../ports/products.ts";

export interface CreateProduct extends Omit<Product, "productId" | "currency"> {
  readonly concertId: ConcertId | null;
}

/**
 * Puts a product on sale, with an audit entry.
 *
 * Outcomes, first that applies:
 * - `replayed`           the same request has added the product before; nothing is stored
 * - `key-reused`         the operator used the key for another request
 * - `concert-not-found`
 * - `added`
 *
 * Throws Unavailable. If its COMMIT was not answered, the product may be on sale; the same request with the same key
 * tells. Atomicity: one transaction. Cost: two statements, with a key four.
 */
export const createProduct =
  (deps: {
    readonly products: Pick<Products, "add">;
    readonly mintId: MintId;
    readonly currency: string;
  }) =>
  (input: CreateProduct, actor: string, intent: Intent | null = null): Promise<AddProductOutcome> =>
    deps.products.add(
      { ...input, productId: deps.mintId<"product">(), currency: deps.currency },
      actor,
      intent,
    );

/** Lists products, newest first. Throws Unavailable. */
export const listProducts =
  ({ products }: { readonly products: Pick<Products, "list"> }) =>
  async (query: ProductQuery): Promise<Page<StockedProduct, ProductId>> =>
    toPage(
      await products.list({ ...query, ...withOneMore(query) }),
      query.limit,
      ({ productId }) => productId,
    );

/** A page of the top sellers; the cursor is the rank of the last one. Throws Unavailable. */
export const listTopSellers =
  ({ products }: { readonly products: Pick<Products, "top"> }) =>
  async (query: {
    readonly days: number;
    readonly limit: number;
    readonly after: number | null;
  }): Promise<Page<TopSeller, number>> => {
    const from = query.after ?? 0;
    const ranked = (await products.top(query.days)).map((one, index) => ({ one, rank: index + 1 }));
    const page = toPage(ranked.slice(from), query.limit, ({ rank }) => rank);
    return { items: page.items.map(({ one }) => one), next: page.next };
  };
