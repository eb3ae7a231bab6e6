// breaks: domain-sees-inward-only
import type { Row } from "../adapters/pg-seats.ts";
export type Found = Row;
