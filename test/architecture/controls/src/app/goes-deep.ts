// breaks: features-by-their-front
import { free } from "../sale/domain/seat.ts";
export const deep = free;
