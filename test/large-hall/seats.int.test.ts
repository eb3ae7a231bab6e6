// The tests of test/race/seats.int.test.ts, in a hall of 11,992 seats.

process.env["TEST_HALL"] = "arena";
await import("../race/seats.int.test.ts");

export {};
