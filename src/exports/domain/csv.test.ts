import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRecord } from "./csv.ts";

test("values are separated by commas, and a record ends with CRLF", () => {
  assert.equal(csvRecord(["김하늘", 12, null, "R석"]), "김하늘,12,,R석\r\n");
  assert.equal(csvRecord([]), "\r\n");
});

test("a value with a comma, a quotation mark or a line break is quoted", () => {
  assert.equal(
    csvRecord(["a,b", 'the "best"', "two\nlines", "two\r\nlines", "plain"]),
    '"a,b","the ""best""","two\nlines","two\r\nlines",plain\r\n',
  );
});

test("a text that a spreadsheet would calculate gets an apostrophe", () => {
  const formulas = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
  ];
  for (const formula of formulas) {
    const record = csvRecord([formula]);
    assert.ok(record.startsWith("'") || record.startsWith(`"'`), JSON.stringify(record));
  }
  assert.equal(csvRecord(['=HYPERLINK("http://x","y")']), `"'=HYPERLINK(""http://x"",""y"")"\r\n`);
});

test("a negative number stays a number, and signs inside a text stay as they are", () => {
  assert.equal(csvRecord([-12_000, "A-1", "a@b.c", "1=1", ""]), "-12000,A-1,a@b.c,1=1,\r\n");
});
