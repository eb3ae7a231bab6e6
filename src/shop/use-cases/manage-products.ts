import type { ConcertId, MintId, ProductId } from "#kernel/ids.ts";
import { toPage, withOneMore, type Page } from "#kernel/page.ts";
import type { Product, StockedProduct } from "../domain/product.ts";
import type { ProductQuery, Products, TopSeller } from "../ports/products.ts";

export interface CreateProduct extends Omit<Product, "productId" | "currency"> {
  readonly concertId: ConcertId | null;
}

export type CreateProductOutcome =
  | { readonly kind: "concert-not-found" }
  | { readonly kind: "created"; readonly product: StockedProduct };

/** Puts a product on sale, with an audit entry. Outcomes: `concert-not-found`, `created`. Throws Unavailable. */
export const createProduct =
  (deps: {
    readonly products: Pick<Products, "add">;
    readonly mintId: MintId;
    readonly currency: string;
  }) =>
  async (input: CreateProduct, actor: string): Promise<CreateProductOutcome> => {
    const product = {
      ...input,
      productId: deps.mintId<"product">(),
      currency: deps.currency,
    };
    if (!(await deps.products.add(product, actor))) return { kind: "concert-not-found" };
    return { kind: "created", product: { ...product, held: 0, sold: 0 } };
  };

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
