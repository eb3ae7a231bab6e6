import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { becomeBuyer, type Buyer } from "./buyer.ts";
import { openDocs, type DocsPage } from "./docs-page.ts";
import type { Studio } from "./studio.ts";

const viewport = { width: 1180, height: 900 };

type Edge = "top" | "bottom";

/** Where an element begins or ends on the whole page, in pixels. */
const edgeOf = async (page: Page, element: Locator, edge: Edge): Promise<number> => {
  const box = await element.boundingBox();
  if (box === null) throw new Error("the element for the picture is not visible");
  const scrolled = Number(await page.evaluate("scrollY"));
  return box.y + scrolled + (edge === "bottom" ? box.height : 0);
};

/** Takes what lies between two heights of the whole page. */
type Shoot = (name: string, from: number, to: number) => Promise<void>;

const shootInto =
  (folder: string, page: Page): Shoot =>
  async (name, from, to) => {
    const file = join(folder, `${name}.png`);
    const clip = { x: 0, y: from, width: viewport.width, height: to - from };
    await page.screenshot({ path: file, fullPage: true, clip });
    console.log(file);
  };

const takePictures = async (docs: DocsPage, buyer: Buyer, shoot: Shoot): Promise<void> => {
  const { page, authorize, tryOut } = docs;
  const head = page.locator(".information-container");
  const headEnd = await edgeOf(page, head, "bottom");
  await shoot("swagger-guide", 0, headEnd);
  const last = page.locator(".opblock-tag-section").last();
  await shoot("swagger-overview", headEnd, (await edgeOf(page, last, "bottom")) + 30);

  const { accessToken, queueToken } = buyer;
  await authorize({ accessToken, queueToken });
  const body = { date: buyer.date, seatNumbers: [buyer.seatNumber] };
  const { block } = await tryOut("reserveSeats", { body });
  // How long it took depends on the machine that takes the picture.
  const duration = block.getByText("Request duration", { exact: true });
  const blockTop = (await edgeOf(page, block, "top")) - 10;
  await shoot("swagger-reservation", blockTop, await edgeOf(page, duration, "top"));

  const rowOf = (status: number): Locator =>
    block.locator(`.responses-table:not(.live-responses-table) tr[data-code="${status}"]`);
  await rowOf(409).locator("select").last().selectOption({ label: "A seat is taken" });
  const errorsTop = await edgeOf(page, rowOf(400), "top");
  await shoot("swagger-errors", errorsTop, await edgeOf(page, rowOf(409), "bottom"));
};

/** Swagger UI. Buys a ticket on the way, so that the answers in the pictures are the server's own. */
export const takeDocsScreens = async ({ url, folder }: Studio): Promise<void> => {
  const buyer = await becomeBuyer(url);
  const docs = await openDocs(url, viewport);
  try {
    await takePictures(docs, buyer, shootInto(folder, docs.page));
  } finally {
    await docs.close();
  }
};
