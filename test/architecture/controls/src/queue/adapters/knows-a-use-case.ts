// breaks: stores-know-domains-and-ports
import { draw } from "../lottery/use-cases/draw.ts";
export const found = draw;
