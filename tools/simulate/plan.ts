import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { createConcert, Operation } from "../../sdk/index.ts";

type BodyOf<O> =
  O extends Operation<infer Input, unknown, string>
    ? Input extends { readonly body: infer Body }
      ? Body
      : never
    : never;

/** A seating plan as the operator writes it. */
export type PlanInput = NonNullable<BodyOf<typeof createConcert>["seatingPlan"]>;

const folder = join(import.meta.dirname, "../../src/app/demo-plans");

/** The names of the plans that ship with the server. */
export const planNames = (): readonly string[] =>
  readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

type Row = NonNullable<PlanInput["sections"][number]["rows"]>[number];

const seatsOfRow = ({ seats: [from, to] = [1, 0], step = 1, places }: Row): number =>
  places?.length ?? Math.floor((to - from) / step) + 1;

/** The seats of a date. */
export const countSeats = ({ sections }: PlanInput): number =>
  sections
    .map(({ capacity = 0, rows = [] }) =>
      rows.reduce((sum, row) => sum + seatsOfRow(row), capacity),
    )
    .reduce((sum, seats) => sum + seats, 0);

/**
 * Reads a plan that ships with the server, or a file. Null: there is none, or its seats cannot be counted. The server
 * checks everything else.
 */
export const readPlan = (nameOrPath: string): PlanInput | null => {
  const isShipped = planNames().includes(nameOrPath);
  const file = isShipped ? join(folder, `${nameOrPath}.json`) : resolve(nameOrPath);
  if (!existsSync(file)) return null;
  try {
    const plan = JSON.parse(readFileSync(file, "utf8")) as PlanInput;
    return countSeats(plan) > 0 ? plan : null;
  } catch {
    return null;
  }
};
