/**
 * An amount in the minor unit of the installation's one currency: a whole number.
 *
 * A JavaScript number is exact for every amount that the contract allows (a balance is at most
 * 2^53-1); sums over users (revenue) are only ever formed by the database, in `bigint`.
 */
export type Money = number;

/** The largest balance a wallet may hold: the last whole number that JSON readers agree on. */
export const balanceMax: Money = Number.MAX_SAFE_INTEGER;

/** The largest amount of one charge. */
export const chargeMax: Money = 10_000_000;
