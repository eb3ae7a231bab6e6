import type { ConcertId, ProductId } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";

/** Something on sale beside the seats, of a concert or of the house. */
export interface Product {
  readonly productId: ProductId;
  /** Null: a product of the house. */
  readonly concertId: ConcertId | null;
  readonly name: string;
  readonly description: string | null;
  readonly price: Money;
  /** ISO 4217. */
  readonly currency: string;
  /** All pieces: free, held and sold ones. */
  readonly stock: number;
  /** Pieces that one user may hold and own. */
  readonly perUser: number;
  /** Whether only a user whose place in the concert's queue is ACTIVE can order it. */
  readonly requiresTurn: boolean;
}

/** A product with its pieces. */
export interface StockedProduct extends Product {
  /** Pieces of orders that are HELD and have not lapsed. */
  readonly held: number;
  /** Pieces of orders that are PAID. */
  readonly sold: number;
}

/** The largest values that a product and an order may have. */
export const shopLimits = {
  /** The highest price of one piece, as of a seat. */
  price: 1_000_000_000,
  stock: 10_000_000,
  /** Of `perUser`, and so of the quantity of one item. The amount of an order stays far below 2^53. */
  perUser: 1_000,
  itemsOfOrder: 20,
} as const;

/** The pieces that can be ordered. */
export const freePieces = ({ stock, held, sold }: StockedProduct): number => stock - held - sold;

/** The values of a product that an operator may correct. */
export type ProductCorrection = Partial<Pick<Product, "name" | "price" | "stock" | "perUser">>;

export type CorrectProductOutcome =
  | { readonly kind: "not-found" }
  /** The stock would be below the pieces that are held and sold. */
  | { readonly kind: "below-pieces"; readonly stockMin: number }
  | { readonly kind: "corrected"; readonly before: StockedProduct; readonly after: StockedProduct };

/**
 * Corrects a product. An order keeps the name and price that it was made at.
 *
 * Outcomes, first that applies: `not-found`, `below-pieces`, `corrected`.
 */
export const correctProduct = (
  product: StockedProduct | null,
  correction: ProductCorrection,
): CorrectProductOutcome => {
  if (product === null) return { kind: "not-found" };
  const after = { ...product, ...correction };
  const stockMin = product.held + product.sold;
  if (after.stock < stockMin) return { kind: "below-pieces", stockMin };
  return { kind: "corrected", before: product, after };
};
