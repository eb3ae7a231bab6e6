import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { becomeBuyer, type Buyer } from "./browsing/buyer.ts";
import { openDocs, type DocsPage } from "./browsing/docs-page.ts";

// Takes the pictures of Swagger UI for the READMEs from a running server:
//
//   npm start                                            in one terminal
//   node scripts/screenshots.ts [http://localhost:3000]  in another
//
// Needs Chromium on the PATH (Debian: apt-get install chromium) or CHROMIUM=/path/to/it. It buys a
// ticket on the way, so that the answers in the pictures are the server's own.

const url = process.argv[2] ?? "http://localhost:3000";
const folder = join(import.meta.dirname, "../docs/images");
const viewport = { width: 1180, height: 900 };

type Edge = "top" | "bottom";

/** Where an element begins or ends on the whole page, in pixels. */
const edgeOf = async (page: Page, element: Locator, edge: Edge): Promise<number> => {
  const box = await element.boundingBox();
  if (box === null) throw new Error("what should be in the picture cannot be seen");
  const scrolled = Number(await page.evaluate("scrollY"));
  return box.y + scrolled + (edge === "bottom" ? box.height : 0);
};

const shoot = async (page: Page, name: string, from: number, to: number): Promise<void> => {
  const file = join(folder, `${name}.png`);
  const clip = { x: 0, y: from, width: viewport.width, height: to - from };
  await page.screenshot({ path: file, fullPage: true, clip });
  console.log(file);
};

const takePictures = async ({ page, authorize, tryOut }: DocsPage, buyer: Buyer): Promise<void> => {
  const head = page.locator(".information-container");
  const headEnd = await edgeOf(page, head, "bottom");
  await shoot(page, "swagger-guide", 0, headEnd);
  const last = page.locator(".opblock-tag-section").last();
  await shoot(page, "swagger-overview", headEnd, (await edgeOf(page, last, "bottom")) + 30);

  const { accessToken, queueToken } = buyer;
  await authorize({ accessToken, queueToken });
  const body = { date: buyer.date, seatNumbers: [buyer.seatNumber] };
  const { block } = await tryOut("reserveSeats", { body });
  // How long it took depends on the machine that takes the picture.
  const duration = block.getByText("Request duration", { exact: true });
  const blockTop = (await edgeOf(page, block, "top")) - 10;
  await shoot(page, "swagger-reservation", blockTop, await edgeOf(page, duration, "top"));

  const rowOf = (status: number): Locator =>
    block.locator(`.responses-table:not(.live-responses-table) tr[data-code="${status}"]`);
  await rowOf(409).locator("select").last().selectOption({ label: "A seat is taken" });
  const errorsTop = await edgeOf(page, rowOf(400), "top");
  await shoot(page, "swagger-errors", errorsTop, await edgeOf(page, rowOf(409), "bottom"));
};

const main = async (): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  const buyer = await becomeBuyer(url);
  const docs = await openDocs(url, viewport);
  try {
    await takePictures(docs, buyer);
  } finally {
    await docs.close();
  }
};

await main();
