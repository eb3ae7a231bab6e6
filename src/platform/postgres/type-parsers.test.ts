import assert from "node:assert/strict";
import { test } from "node:test";
import { typeParsers } from "./type-parsers.ts";

const read = (oid: number, text: string): unknown =>
  (typeParsers.getTypeParser(oid, "text") as (text: string) => unknown)(text);

const cases: [title: string, oid: number, text: string, value: unknown][] = [
  ["int8 is a number", 20, "9007199254740991", 9007199254740991],
  ["a negative int8 is a number", 20, "-5", -5],
  ["numeric stays text", 1700, "12345678901234567890.5", "12345678901234567890.5"],
  ["timestamptz is epoch ms", 1184, "2026-11-22 10:00:00+00", Date.UTC(2026, 10, 22, 10)],
  [
    "timestamptz is cut to ms",
    1184,
    "2026-11-22 10:00:00.123999+00",
    Date.UTC(2026, 10, 22, 10, 0, 0, 123),
  ],
  [
    "timestamptz with tenths",
    1184,
    "2026-11-22 10:00:00.5+00",
    Date.UTC(2026, 10, 22, 10, 0, 0, 500),
  ],
  ["timestamptz infinity", 1184, "infinity", Infinity],
  ["timestamptz -infinity", 1184, "-infinity", -Infinity],
  ["date stays text", 1082, "2026-12-24", "2026-12-24"],
  ["timestamp without time zone stays text", 1114, "2026-12-24 00:00:00", "2026-12-24 00:00:00"],
  ["an empty array", 1016, "{}", []],
  ["int8[]", 1016, "{1,NULL,3}", [1, null, 3]],
  ["numeric[]", 1231, "{1.5,2}", ["1.5", "2"]],
  ["timestamptz[]", 1185, '{"2026-11-22 10:00:00+00"}', [Date.UTC(2026, 10, 22, 10)]],
  ["date[]", 1182, "{2026-12-24}", ["2026-12-24"]],
  ["uuid[]", 2951, "{a,b}", ["a", "b"]],
  ["jsonb is parsed", 3802, '{"a":[1]}', { a: [1] }],
  ["int4 as the driver has it", 23, "7", 7],
  ["bool as the driver has it", 16, "t", true],
];
for (const [title, oid, text, value] of cases) {
  test(title, () => assert.deepEqual(read(oid, text), value));
}

test("an int8 beyond the safe integers is an error, never a wrong number", () => {
  assert.throws(() => read(20, "9007199254740992"), RangeError);
});

test("a timestamptz of a session outside UTC is an error", () => {
  assert.throws(() => read(1184, "2026-11-22 10:00:00+09"), RangeError);
});

test("arrays of arrays are refused", () => {
  assert.throws(() => read(1016, "{{1},{2}}"), RangeError);
});
