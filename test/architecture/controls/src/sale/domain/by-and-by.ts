// breaks: domain-sees-inward-only
export const find = async (): Promise<unknown> => import("../adapters/pg-seats.ts");
