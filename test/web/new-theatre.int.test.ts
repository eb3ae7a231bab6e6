import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, phone } from "#test/support/browser.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// An operator's first hour: a theatre is made in the console from nothing, house seats are kept back, a price is
// corrected, and the sale is watched.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const open = consoleOpener(browser, deployment.instances[0]?.url ?? "", deployment.operatorKey);

interface Section {
  readonly name: string;
  readonly rows: string;
  readonly seats: string;
  readonly grade: string;
  readonly place?: string;
}

const theatre: readonly Section[] = [
  { name: "Stalls Centre", rows: "20", seats: "22", grade: "VIP" },
  { name: "Stalls Left", rows: "20", seats: "11", grade: "R", place: "Left of Stalls Centre" },
  { name: "Stalls Right", rows: "20", seats: "11", grade: "R", place: "Right of Stalls Centre" },
  { name: "Balcony", rows: "10", seats: "44", grade: "S" },
];

const makeTheatre = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "Add a grade" }).click();
  for (const [n, [name, price]] of Object.entries({
    VIP: "150000",
    R: "120000",
    S: "90000",
  }).entries()) {
    await page.getByLabel(`Name ${n + 1}`).fill(name);
    await page.getByLabel(`Price ${n + 1}`).fill(price);
  }
  const block = page.getByRole("group", { name: "Add a block" });
  for (const { name, rows, seats, grade, place } of theatre) {
    await page.getByRole("button", { name: "Add a block" }).click();
    await block.getByLabel("Name of the section").fill(name);
    await block.getByLabel("Rows").fill(rows);
    await block.getByLabel("Seats per row").fill(seats);
    await block.getByLabel("Grade").selectOption(grade);
    if (place !== undefined) await block.getByLabel("Place").selectOption(place);
    await block.getByRole("button", { name: "Add", exact: true }).click();
  }
};

/** Tells how many seats are sold, as the tile shows it. */
const soldTile = (page: Page) =>
  page.getByRole("region", { name: "Live figures" }).getByText(/^of 1,320 · /);

for (const viewport of [{ width: 1440, height: 900 }, phone])
  test(`at ${viewport.width} px a theatre is made from nothing, and its house seats, prices and sales are right`, async () => {
    const visitor = await open("/console", { viewport });
    const { page } = visitor;
    await page.getByRole("link", { name: "New sale" }).click();
    await page.getByLabel("Title").fill("Hamlet");
    await page.getByLabel("Venue").fill("Grand Theatre");
    await page.getByRole("radio", { name: "A seating plan" }).check();
    await makeTheatre(page);
    await page.getByText("1,320 seats in 4 sections").waitFor();
    await inspect(visitor, "a theatre before it is saved");
    await page.getByRole("button", { name: "Create the sale" }).click();
    await page.waitForURL(/console\/[-\da-f]{36}$/);
    const concertId = page.url().split("/").at(-1) ?? "";
    await page.getByRole("application", { name: "Seat map" }).waitFor();

    await page.getByRole("radio", { name: "Seats, to block or unblock" }).check();
    await page.getByRole("radio", { name: "List" }).check();
    await page.getByText("Stalls Centre: 440 free").click();
    await page.getByText("Row C: 22 free").click();
    await page.getByRole("checkbox", { name: "All of row C" }).check();
    await page.getByLabel("Reason").fill("Press");
    await page.getByRole("button", { name: "Block", exact: true }).click();
    await page.getByText("22 seats blocked.").waitFor();

    const correct = page.getByRole("region", { name: "Correct the sale" });
    await correct.getByLabel("Price of VIP").fill("140000");
    await correct.getByRole("button", { name: "Save" }).click();
    await correct.getByText("Saved.").waitFor();

    const buyer = await sale.admitted(await sale.fan({ balance: 500_000 }), concertId);
    const { dates } = succeeded<{ dates: Members[] }>(
      await sale.admin("GET", `/concerts/${concertId}`),
      200,
    );
    const date = String(dates[0]?.["date"]);
    const held = await sale.reserved(buyer, { date, seatNumbers: [1, 2] });
    assert.equal(
      succeeded<Members>(await sale.pay(buyer, held.reservationId), 201)["amount"],
      280_000,
    );
    await soldTile(page).filter({ hasText: "0.2 %" }).waitFor();
    await page.getByText("Row A: 20 free, 2 sold").click();
    await page.getByRole("radio", { name: "A seat, to see its holder" }).check();
    await page.getByRole("radio", { name: /^Stalls Centre, row A, seat 2\b/ }).check();
    await page.getByText(/^Stalls Centre, row A, seat 2 · VIP · .*140,000 · Sold$/).waitFor();
    await page.getByRole("definition").getByText(buyer.userId).waitFor();
    await inspect(visitor, "the sale of a theatre");
    await visitor.close();
  });

test("a sale that is not made yet stays through a reload and another page, until it is made or emptied", async () => {
  const visitor = await open("/console");
  const { page } = visitor;
  const openForm = () => page.getByRole("link", { name: "New sale" }).click();
  const title = page.getByLabel("Title");
  await openForm();
  await title.fill("Macbeth");
  await page.getByRole("radio", { name: "A seating plan" }).check();
  await makeTheatre(page);
  await page.reload();
  await page.getByText("1,320 seats in 4 sections").waitFor();
  await page.getByRole("link", { name: "All sales" }).click();
  await openForm();
  await page.getByText("1,320 seats in 4 sections").waitFor();
  assert.equal(await title.inputValue(), "Macbeth");
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.waitForURL(/console\/[-\da-f]{36}$/);

  await page.getByRole("link", { name: "All sales" }).click();
  await openForm();
  assert.equal(await title.inputValue(), "");
  await title.fill("Othello");
  await page.getByRole("button", { name: "Empty the form" }).click();
  assert.equal(await title.inputValue(), "");
  await page.reload();
  await title.waitFor();
  assert.equal(await title.inputValue(), "");
  await visitor.close();
});
