// lints: import(no-cycle)
import { one } from "./cycle-a.ts";
export const two: number = one + 1;
