// breaks: source-stands-alone
export { thing } from "#test/support/thing.ts";
