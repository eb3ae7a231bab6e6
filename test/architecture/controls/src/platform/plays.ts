// breaks: no-development-package
import { integer } from "fast-check";
export const numbers = integer();
