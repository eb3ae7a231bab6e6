import { chromium, type Browser } from "playwright-core";
import { findChromium } from "../../scripts/stores/chromium.ts";

/** Starts the Chromium that CHROMIUM names, or one on the PATH. */
export const openBrowser = (): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === null)
    throw new Error("There is no Chromium. Install it, or set CHROMIUM to its path.");
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
};
