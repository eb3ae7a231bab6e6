import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { takeConsoleScreens } from "./screenshots/console-screens.ts";
import { takeDocsScreens } from "./screenshots/docs-screens.ts";
import { takeFanScreens } from "./screenshots/fan-screens.ts";
import type { ScreenshotSettings } from "./screenshots/settings.ts";

// Takes the screenshots of the READMEs from a running server:
//
//   npm start                                             in one terminal
//   node tools/screenshots.ts [fan] [docs] [console]      in another: these, or all of them
//
// Needs Chromium and a Korean font (Debian: apt-get install chromium fonts-nanum), or
// CHROMIUM=/path/to/it. FRONTROW_URL names another server, OPERATOR_KEY its operator's key.

const screens: Readonly<Record<string, (settings: ScreenshotSettings) => Promise<void>>> = {
  console: takeConsoleScreens,
  docs: takeDocsScreens,
  fan: takeFanScreens,
};

const settings: ScreenshotSettings = {
  url: process.env["FRONTROW_URL"] ?? "http://localhost:3000",
  operatorKey: process.env["OPERATOR_KEY"] ?? "demo-operator-key-for-this-machine-only",
  folder: join(import.meta.dirname, "../docs/images"),
};

mkdirSync(settings.folder, { recursive: true });
const wanted = process.argv.slice(2);
for (const name of wanted.length === 0 ? Object.keys(screens) : wanted) {
  const take = screens[name];
  if (take === undefined)
    throw new Error(`${name} is not one of ${Object.keys(screens).join(", ")}`);
  await take(settings);
}
