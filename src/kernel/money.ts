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

/** The balance after a credit, or null when it would exceed `balanceMax`. */
export const credit = (balance: Money, amount: Money): Money | null =>
  amount > balanceMax - balance ? null : balance + amount;

/** The balance after a debit, or null when the balance is less than the amount. */
export const debit = (balance: Money, amount: Money): Money | null =>
  amount > balance ? null : balance - amount;

/** Currencies whose minor unit is not a hundredth, by its number of digits. Source: ISO 4217, list one. */
const otherMinorUnits: Readonly<Record<string, string>> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

/**
 * Number of fraction digits of a currency. Browsers must not choose it: for HUF some say 0 and some say 2,
 * which is a factor of 100.
 */
export const minorDigits = (currency: string): number => {
  const other = Object.entries(otherMinorUnits).find(([, codes]) => codes.includes(currency));
  return other === undefined ? 2 : Number(other[0]);
};
