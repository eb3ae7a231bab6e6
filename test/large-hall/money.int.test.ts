// The tests of test/race/money.int.test.ts, in a hall of 11,992 seats.

process.env["TEST_HALL"] = "arena";
await import("../race/money.int.test.ts");

export {};
