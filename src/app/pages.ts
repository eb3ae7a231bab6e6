import { join } from "node:path";
import { minorDigits } from "#kernel/money.ts";
import { loadPages, type Pages } from "#platform/http/pages.ts";
import type { Log } from "#platform/log.ts";

const builtFolder = join(import.meta.dirname, "../../web/dist");

/** The file of each path. A page chooses its view by its own address. */
const paths = [
  { path: "/", file: "index.html" },
  { path: "/concerts/{concertId}", file: "index.html" },
  { path: "/me", file: "index.html" },
  { path: "/console", file: "console.html" },
  { path: "/console/{concertId}", file: "console.html" },
];

/** Loads the built pages. Returns null, with a warning, when they were not built. */
export const readPages = (log: Log, currency: string): Pages | null => {
  const facts = { currency, "minor-digits": String(minorDigits(currency)) };
  const pages = loadPages(builtFolder, paths, facts);
  if (pages === null)
    log.warn({ folder: builtFolder }, "the pages are not built; only the API is served");
  return pages;
};
