import type { Seat } from "../domain/seat.ts";
export interface Seats {
  find(): Promise<Seat>;
}
