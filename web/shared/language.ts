import { signal } from "./signals.ts";
import { browserStorage } from "./storage.ts";

export type Language = "ko" | "en";

const preferred = (): Language =>
  browserStorage.read<Language>("language") ?? (/^ko/i.test(navigator.language) ? "ko" : "en");

export const language = signal<Language>(preferred());

/** Stores the language in this browser. */
export const chooseLanguage = (choice: Language): void => {
  browserStorage.write("language", choice);
  language.value = choice;
};

export const locale = (): string => (language.value === "ko" ? "ko-KR" : "en-GB");

export const formatNumber = (value: number): string => value.toLocaleString(locale());

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

const two = (value: number): string => String(value).padStart(2, "0");

/** Formats seconds as a clock, at least 0: 4:05, 1:04:05. */
export const formatClock = (seconds: number): string => {
  const left = Math.max(0, seconds);
  const [hours, minutes] = [Math.floor(left / 3_600), Math.floor(left / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
};
