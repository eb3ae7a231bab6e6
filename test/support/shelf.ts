import { mintId } from "#platform/ids.ts";
import { CommitUnknown, type Database } from "#platform/postgres/database.ts";
import { pgAnswers } from "../../src/sale/adapters/postgres/answers.ts";
import { pgBookings } from "../../src/sale/adapters/postgres/bookings.ts";
import { pgOrders } from "../../src/shop/adapters/postgres/pg-orders.ts";
import { pgProducts } from "../../src/shop/adapters/postgres/pg-products.ts";
import { openTurns } from "../../src/shop/adapters/turns.ts";
import type { Product, StockedProduct } from "../../src/shop/domain/product.ts";
import { productWith } from "./goods.ts";
import { freshDatabase, openPatiently } from "./postgres.ts";

const monotonicMs = (): number => performance.now();

const openOn = (database: Database) => {
  const answers = pgAnswers({ database, monotonicMs });
  const bookings = pgBookings({ mintId, answers });
  const turns = openTurns({ monotonicMs });
  return {
    bookings,
    orders: pgOrders({ database, bookings, turns }),
    products: pgProducts({ database, monotonicMs }),
  };
};

/** The first transaction commits, and its answer is lost. */
const losingFirstAnswer = (database: Database): Database => {
  let isFirst = true;
  return {
    ...database,
    async transaction(work, options) {
      const result = await database.transaction(work, options);
      if (!isFirst) return result;
      isFirst = false;
      throw new CommitUnknown(new Error("the connection is gone"));
    },
  };
};

/** The adapters of the shop on a database of their own, with the bookings of the sale. */
export const openShelf = async () => {
  const fresh = await freshDatabase();
  const database = openPatiently({ url: fresh.url, connectionsMax: 10 });
  const { bookings, orders, products } = openOn(database);
  return {
    database,
    bookings,
    orders,
    products,
    /** The same tables, by an instance whose first COMMIT gets no answer. */
    withLostAnswer: () => openOn(losingFirstAnswer(database)),
    /** Puts a product of ten pieces on sale. */
    async product(changes: Partial<Product> = {}): Promise<Product> {
      const { held: _, sold: __, ...product } = productWith(changes);
      await products.add(product, "test", null);
      return product;
    },
    async pieces({ productId }: Product): Promise<readonly [held: number, sold: number]> {
      const [row] = await database.query<Pick<StockedProduct, "held" | "sold">>({
        text: "select held, sold from product where product_id = $1",
        values: [productId],
      });
      return [row?.held ?? -1, row?.sold ?? -1];
    },
    async setBalance(userId: string, balance: number): Promise<void> {
      await database.query({
        text: `insert into wallet (user_id, balance) values ($1, $2)`,
        values: [userId, balance],
      });
    },
    async balance(userId: string): Promise<number> {
      const [row] = await database.query<{ balance: number }>({
        text: "select balance from wallet where user_id = $1",
        values: [userId],
      });
      return row?.balance ?? 0;
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
};
