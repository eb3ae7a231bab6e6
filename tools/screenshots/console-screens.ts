import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import type { ScreenshotSettings } from "./settings.ts";

// The operator's console while a simulated sale of a theatre runs, in both languages.

const desk = { width: 1440, height: 1010 };
const languages = { en: "", ko: ".ko" } as const;
const fans = 2_000;
/** After this time the queue has grown and seats are sold, so the charts show something. */
const chartMs = 80_000;

interface Simulation {
  /** The path of its sale in the console. */
  readonly path: string;
  end(): Promise<void>;
}

const simulate = async ({ url, operatorKey }: ScreenshotSettings): Promise<Simulation> => {
  const out = mkdtempSync(join(tmpdir(), "frontrow-screenshots-"));
  const program = join(import.meta.dirname, "../simulate.ts");
  const sale = ["--fans", String(fans), "--arrival", "40", "--plan", "theatre"];
  const words = [program, ...sale, "--url", url, "--out", out];
  const child = spawn(process.execPath, words, {
    env: { ...process.env, OPERATOR_KEY: operatorKey },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  const path = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString("utf8");
      const found = /\/console\/[0-9a-f-]{36}/.exec(printed);
      if (found !== null) resolve(found[0]);
    });
    child.on("exit", () => reject(new Error(`the simulation ended at once: ${printed}`)));
  });
  return {
    path,
    async end() {
      child.kill("SIGINT");
      await ended;
      rmSync(out, { recursive: true, force: true });
    },
  };
};

const signIn = async (
  page: Page,
  { operatorKey }: ScreenshotSettings,
  path: string,
): Promise<void> => {
  await page.goto(path);
  await page.getByLabel("Operator key").fill(operatorKey);
  await page.getByRole("button", { name: "Open the console" }).click();
};

/** Keeps the boxes of the first date back, so that the map has blocked seats too. */
const blockBoxes = async (page: Page): Promise<void> => {
  await page.getByRole("radio", { name: "Seats, to block or unblock" }).check();
  for (const box of ["Box 1", "Box 2"]) await page.getByLabel("A whole section").selectOption(box);
  await page.getByLabel("Reason").fill("House seats");
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await page.getByText(/seats blocked\.$/).waitFor();
};

/** Takes the live console in both languages, with a change of the policy that is not applied yet, and its seats. */
const takeScreenshots = async (page: Page, { folder }: ScreenshotSettings): Promise<void> => {
  for (const [language, suffix] of Object.entries(languages)) {
    if (language === "ko") await page.getByRole("button", { name: "한국어" }).click();
    await page.locator(`html[lang=${language}]`).waitFor();
    await page.evaluate("scrollTo(0, 0)");
    await sleep(4_000); // The charts are drawn again, and the preview is loaded again.
    const path = join(folder, `console${suffix}.png`);
    await page.screenshot({ path });
    console.log(path);
    const seats = join(folder, `console-seats${suffix}.png`);
    await page.locator(".panel:has(.hall-map)").screenshot({ path: seats });
    console.log(seats);
  }
};

/** Takes `console.png` and `console-seats.png`, and the same in Korean. */
export const takeConsoleScreens = async (settings: ScreenshotSettings): Promise<void> => {
  const simulation = await simulate(settings);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({
      baseURL: settings.url,
      viewport: desk,
      colorScheme: "light",
      locale: "en-GB",
    });
    await signIn(page, settings, simulation.path);
    await sleep(chartMs);
    const rate = page.getByLabel("Admissions per minute");
    await rate.fill(String(2 * Number(await rate.inputValue())));
    await blockBoxes(page);
    await takeScreenshots(page, settings);
  } finally {
    await browser.close();
    await simulation.end();
  }
};
