import type { Turn } from "../domain/turn.ts";
export const shown = (turn: Turn): string => String(turn);
