// breaks: domain-sees-inward-only
import type { Seats } from "../ports/seats.ts";
export type Found = Seats;
