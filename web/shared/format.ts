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

/** Formats a moment with the name of its time zone, for readers in other zones. */
export const formatZoned = (at: string, timeZone: string): string => {
  const zone = new Intl.DateTimeFormat(locale(), { timeZone, timeZoneName: "short" })
    .formatToParts(Date.parse(at))
    .find(({ type }) => type === "timeZoneName");
  const moment = formatMoment(at, timeZone, { dateStyle: "medium", timeStyle: "short" });
  return `${moment} ${zone?.value ?? timeZone}`;
};

/** Formats a calendar date, which has no time zone. */
export const formatDate = (
  date: string,
  options: Intl.DateTimeFormatOptions = { weekday: "short", month: "short", day: "numeric" },
): string => formatMoment(`${date}T00:00:00Z`, "UTC", options);
