import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, phone } from "#test/support/browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Correcting a sale in the console: its title, its venue and its prices.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const open = consoleOpener(browser, deployment.instances[0]?.url ?? "", deployment.operatorKey);

const form = (page: Page) => page.getByRole("region", { name: "Correct the sale" });
const save = (page: Page) => form(page).getByRole("button", { name: "Save" }).click();

/** The sale as operators read it. */
const read = async (concertId: string): Promise<Record<string, unknown>> =>
  (await sale.admin("GET", `/concerts/${concertId}`)).body as Record<string, unknown>;

test("an operator corrects title and price, and a price that is no amount is not sent", async () => {
  const { concertId } = await sale.onSale({
    grades: [{ name: "R", price: 2_000, seats: [1, 50] }],
  });
  const visitor = await open(`/console/${concertId}`, { viewport: phone });
  const { page } = visitor;
  await form(page).getByLabel("Price of R").fill("12.5");
  await form(page).getByText("must be a whole number").waitFor();
  const button = form(page).getByRole("button", { name: "Save" });
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  await inspect(visitor, "a price that is no amount");
  await form(page).getByLabel("Price of R").fill("1500");
  await form(page).getByLabel("Title").fill("Corrected");
  await save(page);
  await form(page).getByText("Saved.").waitFor();
  await page.getByRole("heading", { name: "Corrected" }).waitFor();
  assert.deepEqual((await read(concertId))["grades"], [{ name: "R", price: 1_500 }]);
  await visitor.close();
});

test("the later of two operators is told, sees the other's values, and can save then", async () => {
  const { concertId } = await sale.onSale();
  const [one, two] = await Promise.all([
    open(`/console/${concertId}`),
    open(`/console/${concertId}`),
  ]);
  await form(one.page).getByLabel("Title").fill("First");
  await form(two.page).getByLabel("Venue").fill("Second Hall");
  await save(one.page);
  await form(one.page).getByText("Saved.").waitFor();
  await save(two.page);
  await form(two.page)
    .getByText(/^Another operator has changed this sale/)
    .waitFor();
  await inspect(two, "a conflict of two operators");
  await two.page.getByRole("heading", { name: "First" }).waitFor();
  await save(two.page);
  await form(two.page).getByText("Saved.").waitFor();
  const { title, venue } = await read(concertId);
  assert.deepEqual([title, venue], ["First", "Second Hall"]);
  await Promise.all([one.close(), two.close()]);
});
