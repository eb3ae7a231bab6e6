import { signal } from "../../shared/signals.ts";
import type { Language } from "../../shared/language.ts";
import type { Texts } from "./en.ts";

export type { Texts } from "./en.ts";

const load: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import("./en.ts"),
  ko: () => import("./ko.ts"),
};

const current = signal<Texts | null>(null);

/** Texts in the selected language. They are loaded before the first rendering. */
export const texts = (): Texts => {
  const loaded = current.value;
  if (loaded === null) throw new Error("no texts yet");
  return loaded;
};

/** Loads the texts of a language and sets the language of the document. Rejects, and changes nothing, when they do not load. */
export const loadTexts = async (wanted: Language): Promise<void> => {
  current.value = (await load[wanted]()).default;
  document.documentElement.lang = wanted;
};
