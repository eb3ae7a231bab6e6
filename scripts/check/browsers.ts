import { relative } from "node:path";
import type { Use } from "./compatibility.ts";
import { pageScripts, platformUses } from "./page-scripts.ts";
import { pageStyles, styleUses } from "./page-styles.ts";

/** Features that some supported browser lacks, with the reason why the pages work there too. `*` ends a family. */
const guarded: Readonly<Record<string, string>> = {
  "CanvasTextDrawingStyles.font":
    "older ones take it and do not give its weight back, which nothing reads",
  "MediaStreamTrack.getCapabilities": "the light of a camera is offered only where it exists",
  "Navigator.share": "offered only where it exists; the link can be copied",
  "Navigator.vibrate": "called only where it exists",
  "Navigator.wakeLock": "the screen is kept on only where it exists",
  "WakeLock.request": "the screen is kept on only where it exists",
  "WakeLockSentinel.release": "the screen is kept on only where it exists",
  "accent-color": "the box of a check mark has the browser's colour",
  "cursor: *": "a touch screen has no pointer",
  "grid-template-rows: subgrid": "an input beside a label of two lines stands higher",
  mask: "the build adds the prefix; without it the bar is solid",
  "text-wrap": "a heading breaks where it is full",
  "text-wrap: balance": "a heading breaks where it is full",
  "user-select": "the code is selected by hand",
};

const guardOf = (feature: string): string | undefined =>
  Object.keys(guarded).find((name) =>
    name.endsWith("*") ? feature.startsWith(name.slice(0, -1)) : name === feature,
  );

/** Returns a fault for each use of a feature that a supported browser lacks, or that the data does not know. */
export const browserFaults = (uses: readonly Use[], root: string): string[] =>
  uses
    .filter(({ feature }) => guardOf(feature) === undefined)
    .flatMap(({ feature, at, lacking }) => {
      if (lacking === null) return [`${relative(root, at)}: ${feature} is unknown to MDN`];
      if (lacking.length === 0) return [];
      return [`${relative(root, at)}: ${feature} is too new for ${lacking.join(", ")}`];
    });

/** Returns the guarded features that nothing uses, or that every supported browser has by now. */
const needlessGuards = (uses: readonly Use[]): string[] => {
  const needed = new Set(
    uses.filter(({ lacking }) => (lacking ?? []).length > 0).map(({ feature }) => guardOf(feature)),
  );
  return Object.keys(guarded)
    .filter((feature) => !needed.has(feature))
    .map((feature) => `${feature} needs no guard any more`);
};

/** Checks that every supported browser has what the pages use. */
export const checkBrowsers = (root: string): { faults: string[]; features: number } => {
  const uses = [...platformUses(pageScripts(root)), ...styleUses(pageStyles(root))];
  const faults = [...browserFaults(uses, root), ...needlessGuards(uses)];
  return { faults, features: new Set(uses.map(({ feature }) => feature)).size };
};
