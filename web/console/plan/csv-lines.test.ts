import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText, readCsv } from "./csv-lines.ts";

// title | text | records as [line, ...fields] | line of an open quote
const files: [string, string, (string | number)[][], number | null][] = [
  [
    "both kinds of line breaks",
    "a,b\r\nc,d\n",
    [
      [1, "a", "b"],
      [2, "c", "d"],
    ],
    null,
  ],
  ["a byte order mark", "\uFEFFa,b", [[1, "a", "b"]], null],
  [
    "blank lines",
    "a\n\n  \r\nb\n",
    [
      [1, "a"],
      [4, "b"],
    ],
    null,
  ],
  ["commas and quotes in quotes", '"a,""b""",c', [[1, 'a,"b"', "c"]], null],
  [
    "a line break in quotes",
    '"a\nb",c\nd',
    [
      [1, "a\nb", "c"],
      [3, "d"],
    ],
    null,
  ],
  ["empty fields", "a,,\n", [[1, "a", "", ""]], null],
  ["a quote inside of a field", 'a"b,c', [[1, 'a"b', "c"]], null],
  [
    "a quote that is not closed",
    'a\nb,"c\nd',
    [
      [1, "a"],
      [2, "b", "c\nd"],
    ],
    2,
  ],
  ["nothing", "", [], null],
];
for (const [title, text, records, openQuoteLine] of files)
  test(`CSV with ${title} is read`, () => {
    const seen = readCsv(text);
    assert.deepEqual(
      seen.records.map(({ line, fields }) => [line, ...fields]),
      records,
    );
    assert.equal(seen.openQuoteLine, openQuoteLine);
  });

test("a quote that is not closed in a large file has its line", () => {
  const text = `a,b\n${"c,d\n".repeat(1_000)}"e,f\n${"g,h\n".repeat(500_000)}`;
  assert.equal(readCsv(text).openQuoteLine, 1_002);
});

for (const separator of [";", "\t"])
  test(`a file with ${JSON.stringify(separator)} between its fields is read`, () => {
    const text = `section;row;seat\r\n"A;1";"2,5";3\n`.replaceAll(";", separator);
    assert.deepEqual(
      readCsv(text).records.map(({ fields }) => fields),
      [
        ["section", "row", "seat"],
        [`A${separator}1`, "2,5", "3"],
      ],
    );
  });

test("the code pages in which spreadsheets save are read", () => {
  const utf8 = new TextEncoder().encode("\uFEFF가,1");
  assert.equal(decodeText(utf8), "가,1");
  assert.equal(decodeText(new Uint8Array([0xff, 0xfe, 0x00, 0xac, 0x09, 0x00])), "가\t");
  assert.equal(decodeText(new Uint8Array([0xb0, 0xa1, 0x2c, 0x31])), "가,1");
});
