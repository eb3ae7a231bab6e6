import type { Turn } from "../domain/turn.ts";
import { shown } from "../presenters/shown.ts";
export const show = (turn: Turn): string => shown(turn);
