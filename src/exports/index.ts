import type { Route } from "#platform/http/route.ts";
import type { Queryable } from "#platform/postgres/database.ts";
import type { Snapshots } from "#platform/postgres/snapshots.ts";
import { exportRoutes } from "./adapters/http/export-routes.ts";
import { pgBooks } from "./adapters/postgres/pg-books.ts";
import type { SeatingPlans } from "./ports/seating-plans.ts";
import { exportBook } from "./use-cases/export-book.ts";

export interface ExportsDeps {
  readonly database: Queryable;
  readonly snapshots: Snapshots;
  readonly plans: SeatingPlans;
}

/** The books of a concert as files. Only reads the tables of the other features. */
export const exportsFeature = (deps: ExportsDeps): { readonly routes: readonly Route[] } => {
  const books = pgBooks(deps.database, deps.snapshots);
  return { routes: exportRoutes({ exportBook: exportBook({ ...deps, books }) }) };
};
