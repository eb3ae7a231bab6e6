import { hold } from "#sale";
import type { Turn } from "#queue";
import type { Seats } from "../sale/ports/seats.ts";
export const start = (seats: Seats, _turn: Turn): Promise<boolean> => hold(seats)();
