import type { Money } from "#kernel/money.ts";

/** The highest price of a seat. The sum of 60,000 seats stays far below 2^53. */
export const priceMax: Money = 1_000_000_000;

export const isPrice = (price: Money): boolean =>
  Number.isInteger(price) && price >= 1 && price <= priceMax;
