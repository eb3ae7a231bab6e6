// breaks: pages-know-plans-only
export { amount } from "../../src/kernel/amount.ts";
