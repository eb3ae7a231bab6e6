// breaks: parts-by-their-front
import { draw } from "./lottery/use-cases/draw.ts";
export type { Turn } from "./admission/index.ts";
export const drawn = draw;
