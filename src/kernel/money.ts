/**
 * An amount in the minor unit of the currency: a whole number.
 *
 * A JavaScript number is exact for every amount of the API, because a balance is at most 2^53-1. Only
 * the database adds amounts of different users (revenue), as `bigint`.
 */
export type Money = number;

/** The largest balance of a wallet: the largest whole number that every JSON parser reads exactly. */
export const balanceMax: Money = Number.MAX_SAFE_INTEGER;

/** The largest amount of one charge. */
export const chargeMax: Money = 10_000_000;
