// The tests of test/e2e/redis-faults.int.test.ts, in a hall of 11,992 seats.

process.env["TEST_HALL"] = "arena";
await import("../e2e/redis-faults.int.test.ts");

export {};
