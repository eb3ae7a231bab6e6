import { thing } from "#test/support/thing.ts";
export const fine = thing;
