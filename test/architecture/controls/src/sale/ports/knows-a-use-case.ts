// breaks: ports-sees-inward-only
import type { hold } from "../use-cases/hold.ts";
export type Hold = typeof hold;
