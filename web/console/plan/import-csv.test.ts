import assert from "node:assert/strict";
import { test } from "node:test";
import { buildPlan } from "../../../src/catalogue/domain/seating-plan.ts";
import { importCsv } from "./import-csv.ts";

const faultsOf = (text: string) =>
  importCsv(text).faults.map(({ line, kind, value }) => `${line} ${kind} ${value}`.trim());

test("seats become sections and rows, and names that count become a range", () => {
  const text = [
    "\uFEFFsection,row,seat,grade",
    "Stalls,A,1,R",
    "Stalls,A,2,R",
    "Stalls,B,9,R",
    "Stalls,B,7,R",
    'Stalls,B,5,"R"',
    "Stalls,C,1,S",
    '"Box, left",1,a,R',
    '"Box, left",1,b,S',
    "Floor,,300,ST",
    "",
  ].join("\r\n");
  const { sections, grades, faults } = importCsv(text);
  assert.deepEqual(faults, []);
  assert.deepEqual(grades, ["R", "S", "ST"]);
  assert.deepEqual(sections, [
    {
      name: "Stalls",
      kind: "SEATED",
      grade: "R",
      rows: [
        { name: "A", seats: [1, 2] },
        { name: "B", seats: [5, 9], step: 2, reverse: true },
        { name: "C", seats: [1, 1], grade: "S" },
      ],
    },
    {
      name: "Box, left",
      kind: "SEATED",
      grade: "R",
      rows: [{ name: "1", places: [{ name: "a" }, { name: "b", grade: "S" }] }],
    },
    { name: "Floor", kind: "STANDING", grade: "ST", capacity: 300 },
  ]);
});

test("columns may come in any order, and coordinates are those of the hall", () => {
  const text = "Grade, y ,x,seat,row,Section\nR,7.5,-2,1,A,Stalls\nS,8,3,2,A,Stalls\n";
  const { sections, faults } = importCsv(text);
  assert.deepEqual(faults, []);
  assert.deepEqual(sections, [
    {
      name: "Stalls",
      kind: "SEATED",
      grade: "R",
      x: 0,
      y: 0,
      rows: [
        {
          name: "A",
          places: [
            { name: "1", x: -2, y: 7.5 },
            { name: "2", grade: "S", x: 3, y: 8 },
          ],
        },
      ],
    },
  ]);
});

test("every fault of a file is named with its line", () => {
  const text = [
    "section,row,seat,grade,x,y",
    "Stalls,A,1,R,0,0",
    "Stalls,A,1,R,1,0",
    "Stalls,A,,R,1,0",
    ",A,3,R,1,0",
    "Stalls,A,4,R,NaN,1e9",
    "Stalls,A,5,R,,",
    "Stalls,A,6,R,1",
    `Stalls,A,${"9".repeat(51)},R,1,1`,
    "Stalls,,50,R,1,1",
    "Floor,,1000000000,R,1,1",
    "Floor,,50,R,1,1",
    "Floor,,50,R,1,1",
    "Floor,A,1,R,1,1",
  ].join("\n");
  assert.deepEqual(faultsOf(text), [
    "3 repeated Stalls, A, 1",
    "4 empty seat",
    "5 empty section",
    "6 not-a-number x",
    "6 not-a-number y",
    "7 no-coordinates x, y",
    "8 wrong-fields 5 ≠ 6",
    "9 too-long seat",
    "10 standing-with-rows Stalls",
    "11 not-a-capacity 1000000000",
    "13 repeated Floor",
    "14 standing-with-rows Floor",
  ]);
});

test("a missing column, an open quote and a file without seats are faults", () => {
  assert.deepEqual(faultsOf("section,row,name,grade\na,b,c,d"), ["1 missing-column seat"]);
  assert.deepEqual(faultsOf(""), [
    "1 missing-column section",
    "1 missing-column row",
    "1 missing-column seat",
    "1 missing-column grade",
  ]);
  assert.deepEqual(faultsOf("section,row,seat,grade\n"), ["1 no-seats"]);
  assert.deepEqual(faultsOf('section,row,seat,grade\na,b,1,R\na,b,"2,R\n'), [
    '3 open-quote "',
    "3 wrong-fields 3 ≠ 4",
  ]);
});

test("too many sections, rows and seats are faults where the limit is passed", () => {
  const lines = (count: number, line: (n: number) => string): string =>
    ["section,row,seat,grade", ...Array.from({ length: count }, (_, n) => line(n))].join("\n");
  assert.deepEqual(faultsOf(lines(501, (n) => `A,1,${n + 1},R`)), ["502 too-many-in-row 500"]);
  assert.deepEqual(faultsOf(lines(402, (n) => `A,${n},1,R`)), ["402 too-many-rows 400"]);
  assert.deepEqual(faultsOf(lines(501, (n) => `${n},1,1,R`)), ["502 too-many-sections 500"]);
  const many = lines(60_001, (n) => `${Math.floor(n / 400)},${n % 400},1,R`);
  assert.deepEqual(faultsOf(many), ["60002 too-many-seats 60000"]);
});

test("a file of 30,000 rows with quotes, CRLF and a byte order mark is imported whole", () => {
  const rows = Array.from({ length: 30_000 }, (_, n) => {
    const [section, row, seat] = [Math.floor(n / 1_000), Math.floor(n / 50) % 20, (n % 50) + 1];
    return `"S ${section}","${row + 1}","${seat}","${section % 2 === 0 ? "R" : "S"}"`;
  });
  const { sections, faults, grades } = importCsv(
    `\uFEFFsection,row,seat,grade\r\n${rows.join("\r\n")}\r\n`,
  );
  assert.deepEqual(faults, []);
  assert.equal(sections.length, 30);
  assert.deepEqual(sections[0]?.rows?.[0], { name: "1", seats: [1, 50] });
  const plan = buildPlan({ grades: grades.map((name) => ({ name, price: 1 })), sections });
  assert.equal(plan.seatsTotal, 30_000);
});
