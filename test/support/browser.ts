import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
import { largeTextFaults, layoutFaults, nameFaults } from "./page-faults.ts";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens a Chromium; `await using` closes it. */
export const openBrowser = async (
  moreFlags: readonly string[] = [],
): Promise<Browser & AsyncDisposable> => {
  const executablePath = process.env["TEST_CHROMIUM"] ?? "";
  if (executablePath === "") {
    throw new Error("This test needs Chromium: run it with `node scripts/test.ts <file>`.");
  }
  return chromium.launch({ executablePath, args: [...flags, ...moreFlags] });
};

export const phone = { width: 360, height: 740 } as const;
export const desk = { width: 1440, height: 900 } as const;

/** A browser context of its own, which shares nothing with other visitors. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings of the browser's console, without those of the network. */
  readonly consoleErrors: readonly string[];
  /** Requests to other hosts. */
  readonly otherHosts: readonly string[];
  close(): Promise<void>;
}

// Some tests provoke refusals and failed connections, which the browser logs.
const networkError = /^Failed to load resource:/;

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const openVisitor = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> => {
  const context = await browser.newContext({
    baseURL: url,
    viewport: phone,
    locale: "en-GB",
    ...options,
  });
  const consoleErrors: string[] = [];
  const otherHosts: string[] = [];
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (!networkError.test(message.text())) consoleErrors.push(message.text());
  });
  page.on("pageerror", (error) => consoleErrors.push(error.stack ?? error.message));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !address.startsWith("data:")) otherHosts.push(address);
  });
  const close = async (): Promise<void> => {
    // A request that the page has made on its own may still be in the hands of a route of the test.
    if (!page.isClosed()) await page.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  };
  return { page, context, consoleErrors, otherHosts, close };
};

type Theme = "light" | "dark";

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly {
    readonly target: readonly string[];
    readonly failureSummary: string;
  }[];
}

/** WCAG 2.2 AA and axe's best practices. */
const everyRule = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
/** The rules whose result a change of colours can change. */
const rulesOfColours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Waits for CSS transitions: axe must not measure a colour in between. */
const transitionsAreOver = `Promise.all(
  document.getAnimations()
    .filter((it) => it instanceof CSSTransition)
    .map((it) => it.finished.catch(() => {})),
)`;

/** Findings of axe on the page at rest. Without preload, which asks a stopped server. */
const axe = async (page: Page, runOnly = everyRule): Promise<string[]> => {
  await page.evaluate(transitionsAreOver);
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axeSource);
  const options = JSON.stringify({ preload: false, runOnly });
  const run = `axe.run(document, ${options}).then((it) => it.violations)`;
  const findings = (await page.evaluate(run)) as Finding[];
  return findings.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.join(" ")} — ${node.failureSummary}`),
  );
};

const faultsBesideAxe = async (page: Page): Promise<string[]> => [
  ...(await nameFaults(page)),
  ...(await layoutFaults(page)),
  ...(await largeTextFaults(page)),
];

/** All faults of a page at rest: those that axe finds, names that differ from what is seen, and a broken layout. */
export const faultsOf = async (page: Page): Promise<string[]> => [
  ...(await axe(page)),
  ...(await faultsBesideAxe(page)),
];

/**
 * Asserts that axe finds nothing, in the other scheme by the rules of colours, names contain what is seen, everything fits the screen also with
 * large text, the browser logs nothing, and no other host is asked.
 */
export const inspect = async (visitor: Visitor, where: string): Promise<void> => {
  const { page, consoleErrors, otherHosts } = visitor;
  const isDark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches");
  const [first, second]: [Theme, Theme] = isDark === true ? ["dark", "light"] : ["light", "dark"];
  const faults = async (colorScheme: Theme, rules = everyRule): Promise<void> => {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page, rules), [], `axe finds errors on: ${where}, ${colorScheme}`);
  };
  await faults(first);
  await faults(second, rulesOfColours);
  await page.emulateMedia({ colorScheme: null });
  assert.deepEqual(await faultsBesideAxe(page), [], `a name or the layout is wrong on: ${where}`);
  assert.deepEqual(consoleErrors, [], `the browser logs errors on: ${where}`);
  assert.deepEqual(otherHosts, [], `another host is asked on: ${where}`);
};
