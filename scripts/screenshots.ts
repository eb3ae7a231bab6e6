import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Locator, type Page } from "playwright-core";

// Takes the pictures of Swagger UI for the READMEs from a running server:
//
//   npm start                                            in one terminal
//   node scripts/screenshots.ts [http://localhost:3000]  in another
//
// Needs Chromium on the machine (Debian: apt-get install chromium) or CHROMIUM=/path/to/it. It buys a
// ticket on the way, so that the answers in the pictures are the server's own.

const url = process.argv[2] ?? "http://localhost:3000";
const folder = join(import.meta.dirname, "../docs/images");
const program = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const viewport = { width: 1180, height: 900 };
const pollsMax = 60;

type Members = Record<string, unknown>;

const ask = async (path: string, token: string, body?: Members): Promise<Members> => {
  const answer = await fetch(`${url}/api/v1${path}`, {
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    headers: {
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      "idempotency-key": crypto.randomUUID(),
    },
  });
  const members = (await answer.json()) as Members;
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(members)}`);
  return members;
};

const firstOf = (page: Members): Members => {
  const [first] = page["items"] as Members[];
  if (first === undefined)
    throw new Error("the server has nothing to show: start it with its demo");
  return first;
};

interface Buyer {
  readonly userId: string;
  readonly accessToken: string;
  readonly queueToken: string;
  readonly concertId: string;
  readonly date: string;
  readonly seatNumber: number;
}

/** Somebody with money whose turn it is, and a seat that is free. */
const becomeBuyer = async (): Promise<Buyer> => {
  const user = await ask("/users", "", { name: "Kim" });
  const userId = String(user["userId"]);
  const accessToken = String(user["accessToken"]);
  await ask(`/users/${userId}/balance/charges`, accessToken, { amount: 500_000 });
  const concertId = String(firstOf(await ask("/concerts", ""))["concertId"]);
  const line = `/concerts/${concertId}/queue/tokens`;
  let place = await ask(line, accessToken, {});
  for (let polls = 0; place["status"] !== "ACTIVE"; polls += 1) {
    if (polls === pollsMax) throw new Error(`still ${String(place["status"])}`);
    await new Promise((resolve) => setTimeout(resolve, Number(place["pollAfterMs"])));
    place = await ask(`${line}/me`, String(place["token"]));
  }
  const queueToken = String(place["token"]);
  const date = String(firstOf(await ask(`/concerts/${concertId}/dates`, queueToken))["date"]);
  const seats = `/concerts/${concertId}/dates/${date}/seats?status=AVAILABLE`;
  const seatNumber = Number(firstOf(await ask(seats, queueToken))["seatNumber"]);
  return { userId, accessToken, queueToken, concertId, date, seatNumber };
};

const authorize = async (page: Page, buyer: Buyer): Promise<void> => {
  await page.click(".auth-wrapper .authorize");
  const dialog = page.locator(".dialog-ux");
  for (const [name, token] of [
    ["accessToken", buyer.accessToken],
    ["queueToken", buyer.queueToken],
  ] as const) {
    const form = dialog.locator(".auth-container", { hasText: name });
    await form.locator("input").fill(token);
    await form.locator("button.authorize").click();
  }
  await dialog.locator(".close-modal").click();
};

/** Opens an operation by its id, sends a body, and waits for the live answer. */
const tryOut = async (page: Page, operationId: string, body: Members): Promise<Locator> => {
  const block = page.locator(`.opblock[id$="-${operationId}"]`);
  await block.locator(".opblock-summary").click();
  await block.locator("textarea.body-param__text").fill(JSON.stringify(body, null, 2));
  await block.locator("button.execute").click();
  await block.locator(".live-responses-table .response").first().waitFor();
  return block;
};

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

const takePictures = async (page: Page, buyer: Buyer): Promise<void> => {
  await page.goto(`${url}/docs`);
  await page.locator(".opblock").first().waitFor();
  const last = page.locator(".opblock-tag-section").last();
  await shoot(page, "swagger-overview", 0, (await edgeOf(page, last, "bottom")) + 30);

  await authorize(page, buyer);
  const body = { date: buyer.date, seatNumbers: [buyer.seatNumber] };
  const block = await tryOut(page, "reserveSeats", body);
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
  const buyer = await becomeBuyer();
  const browser = await chromium.launch({
    executablePath: program,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  try {
    await takePictures(await browser.newPage({ viewport, colorScheme: "light" }), buyer);
  } finally {
    await browser.close();
  }
};

await main();
