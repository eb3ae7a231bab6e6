// Made by `node scripts/sdk.ts` from the OpenAPI document; a test holds the two together.
export type * from "./schemas.ts";
export * from "./balance.ts";
export * from "./concerts.ts";
export * from "./dates-and-seats.ts";
export * from "./operations.ts";
export * from "./operator.ts";
export * from "./payments.ts";
export * from "./queue.ts";
export * from "./reservations.ts";
export * from "./users.ts";
