import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { oldestBrowsers } from "../web/browsers.ts";

// Which browsers have a feature, by the compatibility data of MDN.

interface Support {
  readonly version_added: string | false | null;
  readonly version_removed?: string;
  readonly prefix?: string;
  readonly alternative_name?: string;
  readonly flags?: readonly unknown[];
}

/** A part of the data. One with `__compat` is a feature. */
export interface Entry {
  readonly __compat?: { readonly support: Readonly<Record<string, Support | readonly Support[]>> };
  readonly [name: string]: unknown;
}

const require = createRequire(import.meta.url);
const compatibility = JSON.parse(
  readFileSync(require.resolve("@mdn/browser-compat-data"), "utf8"),
) as Entry;

/** Returns the feature at a path of the data; null when there is none. */
export const featureAt = (...names: readonly string[]): Entry | null => {
  const found = names.reduce<Entry | undefined>(
    (at, name) => (at !== undefined && Object.hasOwn(at, name) ? (at[name] as Entry) : undefined),
    compatibility,
  );
  return found?.__compat === undefined ? null : found;
};

const versionOf = ({ version_added: text }: Support): number =>
  typeof text === "string" ? Number.parseFloat(text.replace("≤", "")) : Infinity;

const isPlain = (it: Support): boolean =>
  it.prefix === undefined &&
  it.flags === undefined &&
  it.alternative_name === undefined &&
  it.version_removed === undefined;

/** Lists the supported browsers that lack a feature in their oldest version, with the version that has it. */
export const lackingIn = (entry: Entry): string[] =>
  Object.entries(oldestBrowsers).flatMap(([browser, oldest]) => {
    const given = entry.__compat?.support[browser];
    if (given === undefined) return [];
    const plain = ([given].flat() as readonly Support[]).filter(isPlain);
    const from = Math.min(Infinity, ...plain.map(versionOf));
    return from <= oldest ? [] : [`${browser} ${from === Infinity ? "has none" : from}`];
  });

/** A use of a feature. */
export interface Use {
  /** `Map.groupBy`, `text-wrap: balance` */
  readonly feature: string;
  /** File and line. */
  readonly at: string;
  /** The supported browsers that lack it; null for a feature that the data does not have. */
  readonly lacking: readonly string[] | null;
}
