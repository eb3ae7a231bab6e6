import type { Turn } from "../admission/domain/turn.ts";
export const turns: Turn[] = [];
