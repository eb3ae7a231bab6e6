import { locale } from "./language.ts";

/** Number of fraction digits of the installation's currency, which the server tells: browsers differ. */
export const fractionDigits = (): number =>
  Number(document.documentElement.dataset["minorDigits"] ?? 0);

/** ISO 4217 code of the installation's currency. */
export const ownCurrency = (): string => document.documentElement.dataset["currency"] ?? "";

/** Formats an amount in the minor unit of its currency; with the code itself if the browser refuses it. */
export const formatMoney = (amount: number, currency: string): string => {
  const digits = fractionDigits();
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const value = amount / 10 ** digits;
  try {
    return new Intl.NumberFormat(locale(), {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      ...options,
    }).format(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `${new Intl.NumberFormat(locale(), options).format(value)} ${currency}`;
  }
};

/**
 * Parses an amount as a person types it into a whole number of the minor unit. Null for text that is no
 * amount, also with more fraction digits than the currency has: an amount is never rounded.
 */
export const parseAmount = (typed: string): number | null => {
  const digits = fractionDigits();
  const [, whole, fraction = ""] = /^(\d{1,15})(?:\.(\d*))?$/.exec(typed.trim()) ?? [];
  const extra = fraction.slice(digits);
  if (whole === undefined || /[1-9]/.test(extra)) return null;
  const amount = Number(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  return Number.isSafeInteger(amount) ? amount : null;
};

/**
 * Formats a moment in a time zone; in UTC, and says so, where the browser does not know the zone. A dash stands for
 * text that is no moment.
 */
export const formatMoment = (
  at: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short" },
): string => {
  const atMs = Date.parse(at);
  if (Number.isNaN(atMs)) return "–";
  try {
    return new Intl.DateTimeFormat(locale(), { timeZone, ...options }).format(atMs);
  } catch (error) {
    if (!(error instanceof RangeError) || timeZone === "UTC") throw error;
    return `${formatMoment(at, "UTC", options)} UTC`;
  }
};

/** The short name of a time zone at a moment; null for a zone that the browser does not know. */
const zoneName = (at: string, timeZone: string): string | null => {
  try {
    const format = new Intl.DateTimeFormat(locale(), { timeZone, timeZoneName: "short" });
    const parts = format.formatToParts(Date.parse(at));
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

/** Formats a moment with the name of its time zone, for readers in other zones. */
export const formatZoned = (at: string, timeZone: string): string => {
  const moment = formatMoment(at, timeZone, { dateStyle: "medium", timeStyle: "short" });
  const name = zoneName(at, timeZone);
  // In place of an unknown zone the moment names UTC itself.
  return name === null ? moment : `${moment} ${name}`;
};

/** Formats a calendar date, which has no time zone. */
export const formatDate = (
  date: string,
  options: Intl.DateTimeFormatOptions = { weekday: "short", month: "short", day: "numeric" },
): string => formatMoment(`${date}T00:00:00Z`, "UTC", options);
