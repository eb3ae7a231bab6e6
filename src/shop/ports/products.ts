import type { Intent } from "#kernel/idempotency.ts";
import type { ConcertId, ProductId } from "#kernel/ids.ts";
import type { PageQuery } from "#kernel/page.ts";
import type {
  CorrectProductOutcome,
  Product,
  ProductCorrection,
  StockedProduct,
} from "../domain/product.ts";

export interface ProductQuery extends PageQuery<ProductId> {
  /** Null: of all concerts and of the house. */
  readonly concertId: ConcertId | null;
  /** Whether products of drafts are listed too: only for operators. */
  readonly withDrafts: boolean;
}

/** A product with the pieces that were paid in some days and not refunded. */
export interface TopSeller {
  readonly product: StockedProduct;
  readonly piecesPaid: number;
}

export type AddProductOutcome =
  /** The operator used the key for another request. */
  | { readonly kind: "key-reused" }
  /** The answer of the same request when it added the product. */
  | { readonly kind: "replayed"; readonly answer: StockedProduct }
  | { readonly kind: "concert-not-found" }
  | { readonly kind: "added"; readonly product: StockedProduct };

/** The products. Every method throws Unavailable. */
export interface Products {
  /** Those of the ids that exist and are not of a draft, in any order, as they are committed at the call or later. */
  find(productIds: readonly ProductId[]): Promise<readonly StockedProduct[]>;
  /** Newest first. */
  list(query: ProductQuery): Promise<readonly StockedProduct[]>;
  /** The products of which the most pieces were paid in the last `days` times 24 hours, at most 100. Never of drafts. */
  top(days: number): Promise<readonly TopSeller[]>;
  /**
   * Adds the product, the audit entry and the answer to the key in one transaction. `intent`: null without a key.
   * Outcomes, first that applies: `replayed`, `key-reused`, `concert-not-found`, `added`.
   */
  add(product: Product, actor: string, intent: Intent | null): Promise<AddProductOutcome>;
  /** Corrects the product under its lock, with the audit entry. Outcomes: see `correctProduct`. */
  correct(
    productId: ProductId,
    correction: ProductCorrection,
    actor: string,
  ): Promise<CorrectProductOutcome>;
}
