import { join } from "node:path";
import { loadPages, type Pages } from "#platform/http/pages.ts";
import type { Log } from "#platform/log.ts";

const builtFolder = join(import.meta.dirname, "../../web/dist");

/** Where people find what. The fan's page decides by its own address what it shows. */
const paths = [
  { path: "/", file: "index.html" },
  { path: "/concerts/{concertId}", file: "index.html" },
  { path: "/me", file: "index.html" },
  { path: "/console", file: "console.html" },
  { path: "/console/{concertId}", file: "console.html" },
];

/** The pages as they were built; null, and said so, where they were not. */
export const readPages = (log: Log): Pages | null => {
  const pages = loadPages(builtFolder, paths);
  if (pages === null) log.warn({ folder: builtFolder }, "no pages are built: the API serves alone");
  return pages;
};
