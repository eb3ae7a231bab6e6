import { chromium, type Browser } from "playwright-core";
import { findChromium } from "../../scripts/stores/chromium.ts";

/** Opens Chromium: one on the PATH, or the one that CHROMIUM names. */
export const openBrowser = (): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("There is no Chromium; CHROMIUM may name one.");
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
};
