import type { Locator, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";

type Members = Record<string, unknown>;

/** Swagger UI of a running server in a browser. */
export interface DocsPage {
  readonly page: Page;
  /** The complaints of the browser so far: errors, refused assets, other hosts. */
  readonly complaints: readonly string[];
  /** Gives it tokens by the names of the document's security schemes, as a person would. */
  authorize(tokens: Readonly<Record<string, string>>): Promise<void>;
  /** Opens an operation, fills it in, sends it, and waits for the live answer. */
  tryOut(operationId: string, sending?: Sending): Promise<Tried>;
  close(): Promise<void>;
}

export interface Sending {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: Members;
}

export interface Tried {
  readonly block: Locator;
  readonly status: number;
}

/** Gathers everything that a person would see in the browser's console, and every foreign request. */
const watch = (page: Page, url: string): string[] => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // Chromium writes one of these for every refusal that a person tries out.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !isAnswer)
      complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`page: ${error.message}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== new URL(url).origin)
      complaints.push(`another host: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && new URL(response.url()).pathname.startsWith("/docs"))
      complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
};

const authorize = async (page: Page, tokens: Readonly<Record<string, string>>): Promise<void> => {
  await page.click(".auth-wrapper .authorize");
  const dialog = page.locator(".dialog-ux");
  for (const [name, token] of Object.entries(tokens)) {
    const form = dialog.locator(".auth-container", { hasText: name });
    await form.locator("input").fill(token);
    await form.locator("button.authorize").click();
  }
  await dialog.locator(".close-modal").click();
};

const tryOut = async (page: Page, operationId: string, sending: Sending): Promise<Tried> => {
  const block = page.locator(`.opblock[id$="-${operationId}"]`);
  await block.locator(".opblock-summary").first().click();
  for (const [name, value] of Object.entries(sending.parameters ?? {}))
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  if (sending.body !== undefined)
    await block.locator("textarea.body-param__text").fill(JSON.stringify(sending.body, null, 2));
  await block.locator("button.execute").click();
  const answer = block.locator(".live-responses-table .response").first();
  await answer.waitFor();
  const status = Number(/^\d+/.exec(await answer.locator(".response-col_status").innerText())?.[0]);
  return { block, status };
};

/** Opens `/docs` of the server at `url` and waits until its operations stand there. */
export const openDocs = async (
  url: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<DocsPage> => {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport, colorScheme: "light" });
    const complaints = watch(page, url);
    await page.goto(`${url}/docs`);
    await page.locator(".opblock").first().waitFor();
    return {
      page,
      complaints,
      authorize: (tokens) => authorize(page, tokens),
      tryOut: (operationId, sending = {}) => tryOut(page, operationId, sending),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
};
