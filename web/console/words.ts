import { language } from "../shared/language.ts";
import { en, type Words } from "./words/en.ts";
import { ko } from "./words/ko.ts";

export type { Words } from "./words/en.ts";

/** The texts of the language that was chosen. */
export const words = (): Words => (language.value === "ko" ? ko : en);
