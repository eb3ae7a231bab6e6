// breaks: nobody-imports-app
import type { start } from "../../app/main.ts";
export type Start = typeof start;
