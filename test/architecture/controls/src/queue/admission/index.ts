export type { Turn } from "./domain/turn.ts";
