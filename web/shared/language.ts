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

const two = (value: number): string => String(value).padStart(2, "0");

/** Formats seconds as a clock, at least 0: 4:05, 1:04:05. */
export const formatClock = (seconds: number): string => {
  const left = Math.max(0, seconds);
  const [hours, minutes] = [Math.floor(left / 3_600), Math.floor(left / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
};
