import type { Amount } from "../../kernel/amount.ts";
export interface Seat {
  readonly price: Amount;
}
export const free = (seat: Seat): boolean => seat.price > 0;
