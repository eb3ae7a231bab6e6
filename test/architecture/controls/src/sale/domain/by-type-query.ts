// breaks: domain-sees-inward-only
export type Found = import("../adapters/pg-seats.ts").Row;
