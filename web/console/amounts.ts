import { fractionDigits } from "../shared/format.ts";

/** The message about text that is no amount, also with a fraction of the minor unit. */
export const amountMessage = (): string => {
  const digits = fractionDigits();
  return digits === 0 ? "must be a whole number" : `must have at most ${digits} decimals`;
};

/** An amount in the minor unit, as an operator types it. */
export const typedAmount = (amount: number): string => {
  const digits = fractionDigits();
  return digits === 0 ? String(amount) : (amount / 10 ** digits).toFixed(digits);
};
