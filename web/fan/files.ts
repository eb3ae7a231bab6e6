// The files that are loaded on demand. Each has one entry module, which costs the first load less than an
// import of every component by itself.
export { loadInside } from "./load-inside.ts";
export const loadOutside = () => import("./outside.ts");
