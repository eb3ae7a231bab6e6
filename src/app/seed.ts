import type { CatalogueFeature, CreateConcert } from "#catalogue";
import type { Queryable } from "#platform/postgres/database.ts";

const dayMs = 86_400_000;

/** YYYY-MM-DD in UTC. */
const dateAfter = (nowMs: number, days: number): string =>
  new Date(nowMs + days * dayMs).toISOString().slice(0, 10);

/** A sale that is open now, with three dates and three grades. */
export const demoConcert = (nowMs: number): CreateConcert => ({
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

/** Creates the demo concert if the database has no concert. */
export const seedDemo = async (
  catalogue: Pick<CatalogueFeature, "createConcert">,
  database: Queryable,
): Promise<void> => {
  const text = "select from concert limit 1";
  if ((await database.query({ text })).length > 0) return;
  const outcome = await catalogue.createConcert(demoConcert(Date.now()));
  if (outcome.kind === "invalid") throw new Error("the demo concert is invalid");
};
