// breaks: no-cycle
// lints: import(no-cycle)
import { two } from "./cycle-b.ts";
export const one: number = two + 1;
