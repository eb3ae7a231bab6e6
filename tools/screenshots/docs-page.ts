import type { Locator, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";

type Members = Record<string, unknown>;

/** Swagger UI of a running server in a browser. */
export interface DocsPage {
  readonly page: Page;
  /** Errors of the browser so far: exceptions, failed requests, requests to other hosts. */
  readonly browserErrors: readonly string[];
  /** Enters tokens by the names of the security schemes. */
  authorize(tokens: Readonly<Record<string, string>>): Promise<void>;
  /** Opens an operation, fills in the form, sends it, and waits for the answer. */
  tryOut(operationId: string, sending?: TryOutInput): Promise<TryOutResult>;
  close(): Promise<void>;
}

export interface TryOutInput {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: Members;
}

export interface TryOutResult {
  readonly block: Locator;
  readonly status: number;
}

/** Records the errors of the browser's console, and every request to another host. */
const recordErrors = (page: Page, url: string): string[] => {
  const browserErrors: string[] = [];
  page.on("console", (message) => {
    // Chromium writes one for every refusal of the API, which is no error here.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !isAnswer)
      browserErrors.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => browserErrors.push(`page: ${error.message}`));
  page.on("requestfailed", (request) => browserErrors.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== new URL(url).origin)
      browserErrors.push(`another host: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && new URL(response.url()).pathname.startsWith("/docs"))
      browserErrors.push(`${response.status()}: ${response.url()}`);
  });
  return browserErrors;
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

const tryOut = async (
  page: Page,
  operationId: string,
  sending: TryOutInput,
): Promise<TryOutResult> => {
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

/** Opens `/docs` of the server at `url` and waits until the operations are visible. */
export const openDocs = async (
  url: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<DocsPage> => {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport, colorScheme: "light" });
    page.setDefaultTimeout(60_000);
    const browserErrors = recordErrors(page, url);
    await page.goto(`${url}/docs`);
    await page.locator(".opblock").first().waitFor();
    return {
      page,
      browserErrors,
      authorize: (tokens) => authorize(page, tokens),
      tryOut: (operationId, sending = {}) => tryOut(page, operationId, sending),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
};
