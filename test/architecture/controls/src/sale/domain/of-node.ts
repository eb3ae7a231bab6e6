// breaks: domain-sees-inward-only
// types: TS2591
import { randomUUID } from "node:crypto";
export const id = (): string => randomUUID();
