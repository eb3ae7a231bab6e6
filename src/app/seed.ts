import { readFileSync } from "node:fs";
import type { CatalogueFeature, CreateConcert } from "#catalogue";
import type { ConcertId } from "#kernel/ids.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { CreateProduct, ShopFeature } from "#shop";

const dayMs = 86_400_000;

/** YYYY-MM-DD in UTC. */
const dateAfter = (nowMs: number, days: number): string =>
  new Date(nowMs + days * dayMs).toISOString().slice(0, 10);

/** A sale that is open now, with three dates and three grades. */
const smallConcert = (nowMs: number): CreateConcert => ({
  actor: "demo",
  input: {
    title: "Frontrow Live: First Night",
    venue: "Blue Square, Seoul",
    timeZone: "Asia/Seoul",
    dates: [30, 31, 32].map((days) => ({ date: dateAfter(nowMs, days) })),
    grades: [
      { name: "VIP", price: 154_000, seats: [1, 10] },
      { name: "R", price: 132_000, seats: [11, 30] },
      { name: "S", price: 99_000, seats: [31, 50] },
    ],
    policy: {},
  },
});

type SeatingPlan = NonNullable<CreateConcert["input"]["seatingPlan"]>;

const theatrePlan = (): SeatingPlan => {
  const file = new URL("./demo-plans/theatre.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as SeatingPlan;
};

/** A sale of a theatre with 1,356 seats, open now. */
const theatreConcert = (nowMs: number): CreateConcert => ({
  actor: "demo",
  input: {
    title: "Frontrow Live: The Grand Tour",
    venue: "Grand Theatre, Seoul",
    timeZone: "Asia/Seoul",
    dates: [40, 41].map((days) => ({ date: dateAfter(nowMs, days) })),
    seatingPlan: theatrePlan(),
    policy: {},
  },
});

/**
 * The demo sales in the order in which they are created. The list of concerts begins with the newest, and the
 * walk through the API takes its first: the one with 50 seats, whose numbers are their names.
 */
const demoConcerts = (nowMs: number): readonly CreateConcert[] => [
  theatreConcert(nowMs),
  smallConcert(nowMs),
];

/** The demo products: two of a concert, one of them behind its queue, and one of the house. */
const demoProducts = (concertId: ConcertId): readonly CreateProduct[] => {
  const ofConcert = { concertId, description: null, requiresTurn: false };
  return [
    {
      ...ofConcert,
      ...{ name: "Frontrow mug", price: 15_000, stock: 200, perUser: 4 },
      concertId: null,
    },
    { ...ofConcert, name: "Light stick", price: 35_000, stock: 120, perUser: 2 },
    {
      ...ofConcert,
      ...{ name: "Signed poster", description: "Numbered, with all signatures" },
      ...{ price: 20_000, stock: 30, perUser: 1, requiresTurn: true },
    },
  ];
};

/** Creates the demo concerts, and products of the newest, if the database has no concert. */
export const seedDemo = async (
  {
    catalogue,
    shop,
  }: {
    readonly catalogue: Pick<CatalogueFeature, "createConcert">;
    readonly shop: Pick<ShopFeature, "createProduct">;
  },
  database: Queryable,
): Promise<void> => {
  const text = "select from concert limit 1";
  if ((await database.query({ text })).length > 0) return;
  let newest: ConcertId | undefined;
  for (const concert of demoConcerts(Date.now())) {
    const outcome = await catalogue.createConcert(concert);
    if (outcome.kind !== "created") throw new Error("a demo concert is invalid");
    newest = outcome.concert.concertId;
  }
  if (newest === undefined) return;
  for (const product of demoProducts(newest)) await shop.createProduct(product, "demo");
};
