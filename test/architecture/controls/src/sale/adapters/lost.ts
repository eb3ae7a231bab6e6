// breaks: resolvable
export * from "./nowhere.ts";
