import { signal } from "../../shared/signals.ts";
import { language, type Language } from "../../shared/language.ts";
import type { Words } from "./en.ts";

export type { Words } from "./en.ts";

const load: Record<Language, () => Promise<{ default: Words }>> = {
  en: () => import("./en.ts"),
  ko: () => import("./ko.ts"),
};

const current = signal<Words | null>(null);

/** The texts of the language that was chosen; there from the first drawing on. */
export const words = (): Words => {
  const loaded = current.value;
  if (loaded === null) throw new Error("no texts yet");
  return loaded;
};

/** Loads the language and says so to the browser; the page keeps the old one until then. */
export const loadLanguage = async (): Promise<void> => {
  const wanted = language.value;
  const loaded = await load[wanted]();
  if (wanted !== language.value) return;
  current.value = loaded.default;
  document.documentElement.lang = wanted;
};
