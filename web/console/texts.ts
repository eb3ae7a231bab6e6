import { language } from "../shared/language.ts";
import { en, type Texts } from "./texts/en.ts";
import { ko } from "./texts/ko.ts";

export type { Texts } from "./texts/en.ts";

/** The texts of the console in the selected language. */
export const texts = (): Texts => (language.value === "ko" ? ko : en);
