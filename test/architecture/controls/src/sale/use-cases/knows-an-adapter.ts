// breaks: use-cases-sees-inward-only
import { seats } from "../adapters/pg-seats.ts";
export const found = seats;
