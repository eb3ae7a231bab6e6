// breaks: kernel-sees-itself
import type { Seat } from "../sale/domain/seat.ts";
export type Leaning = Seat;
