import type { Browser, BrowserContextOptions } from "playwright-core";
import { openVisitor, type Visitor } from "./browser.ts";
import { giveCamera } from "./scanner.ts";

export interface Scanner extends Visitor {
  /** The answer to the last scan. */
  readonly answer: ReturnType<Visitor["page"]["locator"]>;
}

/** Opens the door page with a camera, on a phone, and signs in with the operator key. */
export const openScanner = async (
  browser: Browser,
  url: string,
  operatorKey: string,
  options: BrowserContextOptions = {},
): Promise<Scanner> => {
  const visitor = await openVisitor(browser, url, options);
  const { page, context } = visitor;
  await giveCamera(context);
  await page.goto("/door");
  await page.locator("input[type=password]").fill(operatorKey);
  await page.locator("form button").click();
  return { ...visitor, answer: page.locator(".answer") };
};

/** Opens the door of a concert's first date. */
export const openGate = async (
  { page }: Visitor,
  concertId: string,
  gate: string,
): Promise<void> => {
  await page.locator("select").first().selectOption(concertId);
  await page.locator("form input").fill(gate);
  await page.locator("form button").click();
  await page.locator(".answer").waitFor();
};
