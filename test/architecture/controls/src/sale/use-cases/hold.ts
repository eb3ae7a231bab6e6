import { free } from "../domain/seat.ts";
import type { Seats } from "../ports/seats.ts";
export const hold = (seats: Seats) => async (): Promise<boolean> => free(await seats.find());
