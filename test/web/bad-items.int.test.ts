import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { faultsOf, openBrowser, openVisitor } from "#test/support/browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Answers with one item that the pages cannot show: the other items and the rest of the page are shown.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const open = consoleOpener(browser, url, deployment.operatorKey);

type Item = Readonly<Record<string, unknown>>;

/** Puts spoilt copies of the first item before the items of a list. */
const spoil = (page: Page, matching: RegExp, spoilt: readonly Item[], idName: string) =>
  page.route(matching, async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as { items: Item[] };
    const bad = spoilt.map((members, n) => ({
      ...list.items[0],
      [idName]: `bad-${n}`,
      ...members,
    }));
    await route.fulfill({ response, json: { ...list, items: [...bad, ...list.items] } });
  });

const unshown = "This entry cannot be shown.";

test("a concert that cannot be shown, or only in part, leaves the others in the list", async () => {
  await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await spoil(
    page,
    /\/api\/v1\/concerts(\?|$)/,
    [
      { title: "No price", priceRange: null },
      { title: "No dates", dates: null },
      { title: "No queue", queue: null },
      { title: "Odd currency", currency: "K-W" },
      { title: "Odd zone", timeZone: "Mars/Olympus" },
      { title: "Odd opening", queue: { mode: "fifo", state: "SCHEDULED", opensAt: "soon" } },
    ],
    "concertId",
  );
  await page.goto("/");
  await page.getByRole("heading", { name: "Proof" }).last().waitFor();
  assert.equal(await page.getByText(unshown).count(), 3);
  for (const name of ["Odd currency", "Odd zone", "Odd opening"])
    await page.getByRole("heading", { name }).waitFor();
  await page.getByText("1,000 K-W").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await visitor.close();
});

test("bad tickets, entries and reservations leave the others of My tickets", async () => {
  const fan = await sale.fan({ balance: 5_000 });
  const { concertId, dates } = await sale.onSale();
  const placed = await sale.admitted(fan, concertId);
  const held = await sale.reserved(placed, { date: dates[0] ?? "", seatNumbers: [7] });
  await sale.pay(placed, held.reservationId);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await spoil(page, /\/tickets\?/, [{ ticketId: null }], "ticketId");
  await spoil(page, /\/reservations\?/, [{ seats: null }, { date: "never" }], "reservationId");
  await spoil(page, /\/entries\?/, [{ createdAt: "once" }], "entryId");
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  await page.goto("/me");
  await page.getByRole("img", { name: "Code of the ticket for seat 7" }).waitFor();
  await page.getByRole("cell", { name: "Payment" }).first().waitFor();
  await page.getByText("Paid").first().waitFor();
  assert.equal(await page.getByText(unshown).count(), 2);
  assert.deepEqual(await faultsOf(page), []);
  await visitor.close();
});

test("facts of a concert that cannot be shown leave the way into its line", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.route(/\/api\/v1\/concerts\/[-\w]+$/, async (route) => {
    const response = await route.fetch();
    const concert = (await response.json()) as Item;
    await route.fulfill({ response, json: { ...concert, priceRange: null } });
  });
  await page.goto(`/concerts/${concertId}`);
  await page.getByText("This part of the page did not load.").waitFor();
  await page.getByLabel("Your name").fill("Kim");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await visitor.close();
});

test("a bad sale, audit entry or panel leaves the rest of the console", async () => {
  const { concertId } = await sale.onSale({});
  const visitor = await open("/console");
  const { page } = visitor;
  await spoil(page, /\/admin\/v1\/concerts\?/, [{ title: "Bad", dates: null }], "concertId");
  await spoil(page, /\/admin\/v1\/audit\?/, [{ after: { grades: [null] } }], "action");
  await page.route(/\/admin\/v1\/concerts\/[-\w]+\/stats$/, async (route) => {
    const response = await route.fetch();
    const stats = (await response.json()) as Item;
    await route.fulfill({
      response,
      json: { ...stats, waits: null, wait: null, abandonment: null },
    });
  });
  await page.goto("/console");
  await page.getByText("Bad: This part cannot be shown.").waitFor();
  await page.getByRole("link", { name: "Proof" }).first().waitFor();
  await page.goto(`/console/${concertId}`);
  await page.getByText("bad-0: This part cannot be shown.").waitFor();
  await page.getByText("Sale created").waitFor();
  await page.locator(".seat-grid").waitFor();
  await visitor.close();
});
