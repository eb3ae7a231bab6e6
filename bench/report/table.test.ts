import assert from "node:assert/strict";
import { test } from "node:test";
import { failedRow } from "../rows/row.ts";
import { inOrder } from "./format.ts";
import { cellsOf, headings, terminalTable } from "./table.ts";

test("a failed row shows its failure in the column of the targets", () => {
  const row = failedRow("B5", new Error("nothing left to pay\nand where"));
  const [cells = [], ...more] = cellsOf(row);
  assert.equal(more.length, 0);
  assert.equal(cells.length, headings.length);
  assert.equal(cells.at(-1), "failed");
  assert.equal(cells[1], "could not be measured: nothing left to pay");
  assert.match(terminalTable([row]), /^B5 .*failed$/m);
});

test("rows are sorted by letter and number", () => {
  const rows = ["H2", "B10", "H1", "B9", "B1"].map((row) => failedRow(row, new Error("away")));
  assert.deepEqual(
    inOrder(rows).map(({ row }) => row),
    ["B1", "B9", "B10", "H1", "H2"],
  );
});
