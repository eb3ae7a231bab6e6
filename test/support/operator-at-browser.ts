import type { Browser, BrowserContextOptions } from "playwright-core";
import { desk, openVisitor, type Visitor } from "./browser.ts";

/** Opens pages of the console at `url` with the operator key, in any language. */
export const consoleOpener =
  (browser: Browser, url: string, operatorKey: string) =>
  async (path: string, options: BrowserContextOptions = {}): Promise<Visitor> => {
    const visitor = await openVisitor(browser, url, { viewport: desk, ...options });
    await visitor.page.goto(path);
    await visitor.page.locator("input[type=password]").fill(operatorKey);
    await visitor.page.locator("form button").click();
    return visitor;
  };
