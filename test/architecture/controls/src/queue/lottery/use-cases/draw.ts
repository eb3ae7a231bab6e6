import type { Turn } from "../../admission/domain/turn.ts";
import { show } from "../../admission/use-cases/show.ts";
export const draw = (turn: Turn): string => show(turn);
