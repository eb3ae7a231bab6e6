import { readFileSync } from "node:fs";

/** A seating plan as an operator writes it. */
export interface Plan {
  readonly grades: readonly { readonly name: string; readonly price: number }[];
  readonly sections: readonly object[];
}

/** The demo plan with 11,992 seats and a standing floor. */
export const arena = {
  seats: 11_992,
  plan: (): Plan => {
    const file = new URL("../../src/app/demo-plans/arena.json", import.meta.url);
    return JSON.parse(readFileSync(file, "utf8")) as Plan;
  },
} as const;

const blocks = 50;
const rowsOfBlock = 20;
const seatsOfRow = 50;

/** Blocks of 20 rows with 50 seats. */
export const dome = {
  seats: blocks * rowsOfBlock * seatsOfRow,
  plan: (): Plan => ({
    grades: [{ name: "R", price: 1_000 }],
    sections: Array.from({ length: blocks }, (_, block) => ({
      ...{ name: `Block ${block + 1}`, kind: "SEATED", grade: "R" },
      rows: Array.from({ length: rowsOfBlock }, (_row, row) => ({
        name: `${row + 1}`,
        seats: [1, seatsOfRow],
      })),
    })),
  }),
} as const;
