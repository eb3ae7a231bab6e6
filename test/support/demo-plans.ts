import { readFileSync } from "node:fs";
import type { Members } from "./client.ts";

const folder = new URL("../../src/app/demo-plans/", import.meta.url);

/** One of the seating plans that ship with the server. */
export const demoPlan = (name: "arena" | "fifty-seats" | "theatre"): Members =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Members;
