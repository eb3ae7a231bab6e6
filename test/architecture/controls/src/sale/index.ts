export { hold } from "./use-cases/hold.ts";
export { seats } from "./adapters/pg-seats.ts";
