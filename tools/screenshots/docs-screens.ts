import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { becomeBuyer, type Buyer } from "./buyer.ts";
import { openDocs, type DocsPage } from "./docs-page.ts";
import type { ScreenshotSettings } from "./settings.ts";

const viewport = { width: 1180, height: 900 };

type Edge = "top" | "bottom";

/** Returns the top or bottom edge of an element on the whole page, in pixels. */
const edgeOf = async (page: Page, element: Locator, edge: Edge): Promise<number> => {
  const box = await element.boundingBox();
  if (box === null) throw new Error("the element of the screenshot is not visible");
  const scrolled = Number(await page.evaluate("scrollY"));
  return box.y + scrolled + (edge === "bottom" ? box.height : 0);
};

/** Takes the part of the whole page between two heights. */
type TakeScreenshot = (name: string, from: number, to: number) => Promise<void>;

const screenshotsInto =
  (folder: string, page: Page): TakeScreenshot =>
  async (name, from, to) => {
    const file = join(folder, `${name}.png`);
    const clip = { x: 0, y: from, width: viewport.width, height: to - from };
    await page.screenshot({ path: file, fullPage: true, clip });
    console.log(file);
  };

const takeAll = async (
  docs: DocsPage,
  buyer: Buyer,
  takeScreenshot: TakeScreenshot,
): Promise<void> => {
  const { page, authorize, tryOut } = docs;
  const head = page.locator(".information-container");
  const headEnd = await edgeOf(page, head, "bottom");
  await takeScreenshot("swagger-guide", 0, headEnd);
  const last = page.locator(".opblock-tag-section").last();
  await takeScreenshot("swagger-overview", headEnd, (await edgeOf(page, last, "bottom")) + 30);

  const { accessToken, queueToken } = buyer;
  await authorize({ accessToken, queueToken });
  const body = { date: buyer.date, seatNumbers: [buyer.seatNumber] };
  const { block } = await tryOut("reserveSeats", { body });
  // The screenshot ends above the duration, which depends on the machine.
  const duration = block.getByText("Request duration", { exact: true });
  const blockTop = (await edgeOf(page, block, "top")) - 10;
  await takeScreenshot("swagger-reservation", blockTop, await edgeOf(page, duration, "top"));

  const rowOf = (status: number): Locator =>
    block.locator(`.responses-table:not(.live-responses-table) tr[data-code="${status}"]`);
  await rowOf(409).locator("select").last().selectOption({ label: "A seat is taken" });
  const errorsTop = await edgeOf(page, rowOf(400), "top");
  await takeScreenshot("swagger-errors", errorsTop, await edgeOf(page, rowOf(409), "bottom"));
};

/** Takes Swagger UI. It reserves a seat, so that the answers in the screenshots are real. */
export const takeDocsScreens = async ({ url, folder }: ScreenshotSettings): Promise<void> => {
  const buyer = await becomeBuyer(url);
  const docs = await openDocs(url, viewport);
  try {
    await takeAll(docs, buyer, screenshotsInto(folder, docs.page));
  } finally {
    await docs.close();
  }
};
