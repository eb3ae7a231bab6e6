import type { start } from "../../src/app/main.ts";
export const thing: Parameters<typeof start> | 1 = 1;
