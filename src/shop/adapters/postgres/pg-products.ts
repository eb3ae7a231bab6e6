import type { Intent } from "#kernel/idempotency.ts";
import type { ProductId } from "#kernel/ids.ts";
import { queuedLoader } from "#platform/batched-loader.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import { readKeyUse, unlessKeyTaken, useKey } from "#platform/postgres/operator-keys.ts";
import {
  correctProduct,
  type CorrectProductOutcome,
  type Product,
  type ProductCorrection,
  type StockedProduct,
} from "../../domain/product.ts";
import type { AddProductOutcome, ProductQuery, Products, TopSeller } from "../../ports/products.ts";
import { addAudit } from "./audit.ts";
import { beginShelf, lockProducts, readProducts, returnLapsed } from "./lock-products.ts";
import { productColumns } from "./rows.ts";

/** Whether a product is of a concert that fans can see, or of the house. */
const isPublic = `(
  p.concert_id is null
  or exists (select from concert c where c.concert_id = p.concert_id and c.published_at <= clock_timestamp())
)`;

const findPublic = (database: Database, productIds: readonly ProductId[]) =>
  database.query<StockedProduct>({
    name: "shop-find-products",
    text: `select ${productColumns} from product p where p.product_id = any ($1::uuid[]) and ${isPublic}`,
    values: [productIds],
  });

const lastUuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const list = (database: Database, { concertId, withDrafts, after, limit }: ProductQuery) =>
  database.query<StockedProduct>({
    name: "shop-list-products",
    text: `
      select ${productColumns}
      from product p
      where p.product_id < $1
        and ($2::uuid is null or p.concert_id = $2)
        and ($3 or ${isPublic})
      order by p.product_id desc
      limit $4`,
    values: [after ?? lastUuid, concertId, withDrafts, limit],
  });

const top = async (database: Database, days: number): Promise<readonly TopSeller[]> => {
  const rows = await database.query<StockedProduct & Pick<TopSeller, "piecesPaid">>({
    name: "shop-top-sellers",
    text: `
      select ${productColumns}, paid.pieces as "piecesPaid"
      from (
        select i.product_id, sum(i.quantity)::int as pieces
        from shop_order o
        join order_item i using (order_id)
        where o.status = 'PAID' and o.paid_at > clock_timestamp() - make_interval(days => $1)
        group by i.product_id
      ) paid
      join product p using (product_id)
      where ${isPublic}
      order by paid.pieces desc, p.product_id
      limit 100`,
    values: [days],
  });
  return rows.map(({ piecesPaid, ...product }) => ({ product, piecesPaid }));
};

/** False when there is no such concert. */
const insert = async (tx: Queryable, product: Product): Promise<boolean> => {
  const rows = await tx.query({
    name: "shop-insert-product",
    text: `
      insert into product
        (product_id, concert_id, name, description, price, currency, stock, per_user, requires_turn)
      select $1, $2::uuid, $3, $4, $5, $6, $7, $8, $9
      where $2::uuid is null or exists (select from concert c where c.concert_id = $2::uuid)
      returning product_id`,
    values: [
      product.productId,
      product.concertId,
      product.name,
      product.description,
      product.price,
      product.currency,
      product.stock,
      product.perUser,
      product.requiresTurn,
    ],
  });
  return rows.length > 0;
};

const addIn = async (
  tx: Queryable,
  product: Product,
  actor: string,
  intent: Intent | null,
): Promise<AddProductOutcome> => {
  const earlier = intent && (await readKeyUse<StockedProduct>(tx, actor, intent));
  if (earlier !== null) return earlier;
  if (!(await insert(tx, product))) return { kind: "concert-not-found" };
  const { concertId } = product;
  const answer = { ...product, held: 0, sold: 0 };
  if (intent !== null) await useKey(tx, actor, { intent, concertId, answer });
  const note = { actor, action: "product.created", concertId, before: null, after: product };
  await addAudit(tx, note);
  return { kind: "added", product: answer };
};

/** The facts of a product that the audit trail keeps. */
const factsOf = ({ held: _, sold: __, ...facts }: StockedProduct): Product => facts;

const correctIn = async (
  tx: Queryable,
  productId: ProductId,
  correction: ProductCorrection,
  actor: string,
): Promise<CorrectProductOutcome> => {
  const [, , , [product]] = await Promise.all([
    beginShelf(tx),
    lockProducts(tx, [productId]),
    returnLapsed(tx, [productId]),
    readProducts(tx, [productId]),
  ]);
  const outcome = correctProduct(product ?? null, correction);
  if (outcome.kind !== "corrected") return outcome;
  const [before, after] = [factsOf(outcome.before), factsOf(outcome.after)];
  if (JSON.stringify(before) === JSON.stringify(after)) return outcome;
  const { name, price, stock, perUser } = after;
  await Promise.all([
    tx.query({
      name: "shop-correct-product",
      text: "update product set name = $2, price = $3, stock = $4, per_user = $5 where product_id = $1",
      values: [productId, name, price, stock, perUser],
    }),
    addAudit(tx, { actor, action: "product.corrected", concertId: after.concertId, before, after }),
  ]);
  return outcome;
};

/** The products in PostgreSQL. `find` reads in batches: one statement for all calls that arrive while one runs. */
export const pgProducts = (options: {
  readonly database: Database;
  monotonicMs(): number;
}): Products & { close(): Promise<void> } => {
  const { database } = options;
  const loader = queuedLoader<readonly ProductId[], readonly StockedProduct[]>({
    batchMax: 500,
    waitingMax: 10_000,
    deadlineMs: 2_000,
    monotonicMs: options.monotonicMs,
    async load(asked) {
      const found = await findPublic(database, [...new Set(asked.flat())]);
      return asked.map((ids) => found.filter(({ productId }) => ids.includes(productId)));
    },
  });
  return {
    find: (productIds) => loader.load(productIds),
    list: (query) => list(database, query),
    top: (days) => top(database, days),
    add: (product, actor, intent) =>
      unlessKeyTaken<AddProductOutcome, StockedProduct>(
        database,
        database.transaction((tx) => addIn(tx, product, actor, intent)),
      ),
    correct: (productId, correction, actor) =>
      database.transaction((tx) => correctIn(tx, productId, correction, actor)),
    close: loader.close,
  };
};
