import { randomUUID } from "node:crypto";
import pg from "pg";
import type { Seats } from "../ports/seats.ts";
export type Row = { readonly price: number };
export const pool = (): pg.Pool => new pg.Pool({ application_name: randomUUID() });
export const seats: Seats = { find: async () => ({ price: 1 }) };
