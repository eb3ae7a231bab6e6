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

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A Chromium of its own; `await using` ends it. */
export const openBrowser = async (): Promise<Browser & AsyncDisposable> => {
  const executablePath = process.env["TEST_CHROMIUM"] ?? "";
  if (executablePath === "") {
    throw new Error("This test needs Chromium: run it with `node scripts/test.ts <file>`.");
  }
  return chromium.launch({ executablePath, args: flags });
};

export const phone = { width: 360, height: 740 } as const;
export const desk = { width: 1440, height: 900 } as const;

/** Somebody with a browser of his own: nothing is shared with any other visitor. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that the browser complained of, but for what the network did. */
  readonly faults: readonly string[];
  /** Addresses that were asked for and are not the server's. */
  readonly strangers: readonly string[];
  close(): Promise<void>;
}

// A refusal is an answer, and a server that is away is what some tests are about.
const ofNetwork = /^Failed to load resource:/;

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
  const faults: string[] = [];
  const strangers: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (!ofNetwork.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !address.startsWith("data:")) strangers.push(address);
  });
  return { page, context, faults, strangers, close: () => context.close() };
};

const themes = ["light", "dark"] as const;

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly {
    readonly target: readonly string[];
    readonly failureSummary: string;
  }[];
}

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A colour on its way to another is neither of the two that the page's author chose. */
const transitionsAreOver = `Promise.all(
  document.getAnimations()
    .filter((it) => it instanceof CSSTransition)
    .map((it) => it.finished.catch(() => {})),
)`;

/** What axe finds on the page at rest: WCAG 2.2 AA and its best practices. */
export const axe = async (page: Page): Promise<string[]> => {
  await page.evaluate(transitionsAreOver);
  await page.evaluate(axeSource);
  const run = `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then((it) => it.violations)`;
  const findings = (await page.evaluate(run)) as Finding[];
  return findings.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.target.join(" ")} — ${node.failureSummary}`),
  );
};

/** Nothing to complain of: axe in both schemes, the browser, and nobody else who was asked. */
export const inspect = async (visitor: Visitor, where: string): Promise<void> => {
  const { page, faults, strangers } = visitor;
  const isDark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches");
  for (const colorScheme of isDark === true ? themes.toReversed() : themes) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page), [], `axe finds something on: ${where}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: null });
  assert.deepEqual(faults, [], `the browser complains on: ${where}`);
  assert.deepEqual(strangers, [], `somebody else is asked on: ${where}`);
};
