import { locale } from "./language.ts";

const moneyFormat = (currency: string): Intl.NumberFormat =>
  new Intl.NumberFormat(locale(), { style: "currency", currency, currencyDisplay: "narrowSymbol" });

/** Number of fraction digits of a currency. */
export const fractionDigits = (currency: string): number =>
  moneyFormat(currency).resolvedOptions().maximumFractionDigits ?? 0;

/** Formats an amount in the minor unit of its currency. */
export const formatMoney = (amount: number, currency: string): string =>
  moneyFormat(currency).format(amount / 10 ** fractionDigits(currency));

/** Formats a moment in a time zone. */
export const formatMoment = (
  at: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short" },
): string => new Intl.DateTimeFormat(locale(), { timeZone, ...options }).format(Date.parse(at));

/** Formats a calendar date, which has no time zone. */
export const formatDate = (
  date: string,
  options: Intl.DateTimeFormatOptions = { weekday: "short", month: "short", day: "numeric" },
): string => formatMoment(`${date}T00:00:00Z`, "UTC", options);
