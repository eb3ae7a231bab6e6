import { join } from "node:path";
import { minorDigits } from "#kernel/money.ts";
import { loadPages, type Pages } from "#platform/http/pages.ts";
import type { Log } from "#platform/log.ts";
import type { Config } from "./config.ts";

const builtFolder = join(import.meta.dirname, "../../web/dist");

/** The file of each path. A page chooses its view by its own address. The first says that an address is unknown. */
const paths = [
  { path: "/", file: "index.html" },
  { path: "/concerts/{concertId}", file: "index.html" },
  { path: "/me", file: "index.html" },
  { path: "/shop", file: "index.html" },
  { path: "/console", file: "console.html" },
  { path: "/console/users/{userId}", file: "console.html" },
  { path: "/console/{concertId}", file: "console.html" },
  { path: "/door", file: "door.html" },
];

/** The service worker of the door page: it loads the page without a network. */
const doorWorker = "door-worker.js";
const ofOperators: ReadonlySet<string> = new Set(["console.html", "door.html", doorWorker]);

const otherNames = { "/concerts": "/" };

/** The settings by which the fan's pages sign in at the identity provider; null: they do not. */
const signInOf = ({ oidc, usersBuiltIn }: Pick<Config, "oidc" | "usersBuiltIn">) => {
  if (oidc === null || oidc.client === null) return null;
  const { issuer, jwksUrl, client } = oidc;
  return {
    settings: { issuer, ...client, signUp: usersBuiltIn },
    origins: [...new Set([issuer, jwksUrl].map((address) => new URL(address).origin))],
  };
};

/** Returns the pages without those of operators. */
export const pagesForFans = (pages: Pages | null): Pages | null =>
  pages && {
    ...pages,
    paths: pages.paths.filter(({ file }) => !ofOperators.has(file)),
    files: new Map([...pages.files].filter(([name]) => !ofOperators.has(name))),
  };

/** Loads the built pages. Returns null, with a warning, when they were not built. */
export const readPages = (
  log: Log,
  config: Pick<Config, "currency" | "challenge" | "oidc" | "usersBuiltIn">,
): Pages | null => {
  const { currency, challenge } = config;
  const signIn = signInOf(config);
  const attributes = {
    currency,
    "minor-digits": String(minorDigits(currency)),
    // Without a challenge nothing is said: all fans load the page in the same minute.
    ...(challenge.kind !== "off" && { challenge: challenge.kind }),
    ...(signIn !== null && { oidc: JSON.stringify(signIn.settings) }),
  };
  const pages = loadPages(
    builtFolder,
    { paths, otherNames },
    {
      attributes,
      connectOrigins: { "index.html": signIn?.origins ?? [] },
      cameraPages: ["door.html"],
      workers: [doorWorker],
    },
  );
  if (pages === null)
    log.warn({ folder: builtFolder }, "the pages are not built; only the API is served");
  return pages;
};
