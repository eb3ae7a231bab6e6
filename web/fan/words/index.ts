import { signal } from "../../shared/signals.ts";
import type { Language } from "../../shared/language.ts";
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

/** Loads the texts of a language and says so to the browser. Rejects, and changes nothing, when they do not come. */
export const loadTexts = async (wanted: Language): Promise<void> => {
  current.value = (await load[wanted]()).default;
  document.documentElement.lang = wanted;
};
