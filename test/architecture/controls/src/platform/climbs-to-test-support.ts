// breaks: source-stands-alone
// lints: eslint(no-restricted-imports)
export { thing } from "../../test/support/thing.ts";
