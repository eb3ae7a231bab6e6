// breaks: domain-sees-inward-only
export * from "../adapters/pg-seats.ts";
