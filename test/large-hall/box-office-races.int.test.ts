// The tests of src/sale/adapters/postgres/box-office-races.int.test.ts, in a hall of 11,992 seats.

process.env["TEST_HALL"] = "arena";
await import("../../src/sale/adapters/postgres/box-office-races.int.test.ts");

export {};
