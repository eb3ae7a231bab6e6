import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, openVisitor, phone } from "#test/support/browser.ts";
import { demoPlan } from "#test/support/demo-plans.ts";
import { chargeMissing, signUpAt } from "#test/support/fan-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Halls with sections, as fans see them: the best seats, the map and the list.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const map = (page: Page) => page.getByRole("application", { name: "Seat map" });

type Viewport = Readonly<Record<"width" | "height", number>>;

/** Opens a sale of a hall and enters it. */
const enterHall = async (name: "arena" | "theatre", viewport: Viewport = phone) => {
  const { concertId, dates } = await sale.onSale({ seatingPlan: demoPlan(name) });
  // Without motion the map is at its new place at once after a tap.
  const visitor = await openVisitor(browser, url, { viewport, reducedMotion: "reduce" });
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByRole("button", { name: "Choose seats" }).click();
  await map(page).waitFor();
  return { ...visitor, page, visitor, concertId, date: dates[0] ?? "" };
};

const hold = (page: Page) => page.getByRole("button", { name: "Hold these seats" }).click();

test("on a phone two seats side by side are found, held and bought, and the ticket names them", async () => {
  const { page, visitor } = await enterHall("theatre");
  await page.getByRole("radio", { name: /^VIP/ }).check();
  await inspect(visitor, "the best seats and the map");
  await page.getByRole("button", { name: "Hold the best 2 seats" }).click();
  await page.getByRole("heading", { name: "Pay" }).waitFor();
  await page.getByText(/^Stalls Centre, row A, seats \d+, \d+$/).waitFor();
  assert.equal(await page.getByText("not side by side").count(), 0);
  await inspect(visitor, "the held seats of a hall");
  await chargeMissing(page);
  await page.getByRole("button", { name: /^Pay / }).click();
  await page
    .getByText(/^Stalls Centre, row A, seat \d+$/)
    .first()
    .waitFor();
  await page.goto("/me");
  await page
    .getByText(/^Stalls Centre, row A, seat \d+$/)
    .first()
    .waitFor();
  await inspect(visitor, "tickets of a hall");
  await visitor.close();
});

test("with the keyboard alone seats are found on the map, chosen and held", async () => {
  const { page, visitor } = await enterHall("theatre", { width: 1280, height: 900 });
  await map(page).focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  const chosen = page.locator(".basket .selected");
  await chosen.filter({ hasText: /^Stalls Centre, row [A-Z], seat \d+$/ }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await chosen.filter({ hasText: /^Stalls Centre, row [A-Z], seats \d+, \d+$/ }).waitFor();
  await inspect(visitor, "seats that are chosen with the keyboard");
  await hold(page);
  await page.getByText(/^Stalls Centre, row [A-Z], seats \d+, \d+$/).waitFor();
  await visitor.close();
});

test("a tap on a section shows its seats, and a tap on a seat chooses it", async () => {
  const { page, visitor } = await enterHall("theatre", { width: 1280, height: 900 });
  const box = await map(page).boundingBox();
  assert.ok(box);
  const centre = { x: box.width / 2, y: box.height * 0.3 };
  const chosen = page.locator(".basket .selected");
  await map(page).click({ position: centre });
  assert.equal(await chosen.count(), 0);
  await map(page).click({ position: centre });
  await chosen.filter({ hasText: /^Stalls Centre, row [A-Z], seat \d+$/ }).waitFor();
  await map(page).click({ position: centre });
  await chosen.waitFor({ state: "detached" });
  await visitor.close();
});

test("the list has the seats by section and row, and follows what others take", async () => {
  const { page, visitor, concertId, date } = await enterHall("theatre");
  await page.getByRole("radio", { name: "List" }).check();
  await page.getByText("Stalls Left: 200 free").click();
  await page.getByText("Row A: 10 free").click();
  await page.getByRole("checkbox", { name: /^Stalls Left, row A, seat 3/ }).check();
  await page.getByRole("checkbox", { name: /^Stalls Left, row A, seat 4/ }).check();
  await inspect(visitor, "the list of a hall");
  const other = await sale.admitted(await sale.fan(), concertId);
  await sale.reserved(other, { date, seatNumbers: [3] });
  await page.getByText("Stalls Left, row A, seat 3 was taken by another person.").waitFor();
  await page.getByText("Row A: 9 free").waitFor();
  await page.getByRole("button", { name: "Select Stalls Left, row A, seat 2" }).click();
  await hold(page);
  await page.getByText("Stalls Left, row A, seats 2, 4").waitFor();
  await visitor.close();
});

test("standing places are held by their number, and a wish that cannot be met is told", async () => {
  const { page, visitor } = await enterHall("arena");
  await page.getByRole("radio", { name: "List" }).check();
  await page.getByRole("button", { name: "Standing A: 600 free (standing)" }).click();
  await page.getByText("Only in Standing A").waitFor();
  assert.equal(await page.getByText("Only side by side").count(), 0);
  await page.getByRole("radio", { name: /^B / }).check();
  await page.getByRole("button", { name: "Hold 2 standing places" }).click();
  await page.getByText("Not so many seats are free for your choice: 0 left.").waitFor();
  await inspect(visitor, "a wish that cannot be met");
  await page.getByRole("radio", { name: "Any price" }).check();
  await page.getByRole("button", { name: "Hold 2 standing places" }).click();
  await page.getByText("Standing A, 2 standing places").waitFor();
  await visitor.close();
});

test("a tap on a standing area brings the button that holds its places into sight", async () => {
  const { page, visitor } = await enterHall("arena");
  const box = (await map(page).boundingBox()) ?? assert.fail();
  await map(page).click({ position: { x: box.width * 0.45, y: box.height * 0.42 } });
  const button = page.getByRole("button", { name: "Hold 2 standing places" });
  await button.waitFor();
  // The element at the middle of the button is the button itself: the clock at the top does not cover it.
  const at = (await button.boundingBox()) ?? assert.fail();
  const middle = `${at.x + at.width / 2}, ${at.y + at.height / 2}`;
  const seen = await page.evaluate(`document.elementFromPoint(${middle})?.textContent`);
  assert.equal(seen, "Hold 2 standing places");
  assert.equal(await page.locator("button.wide:focus").count(), 1);
  await page.getByText("Only in Standing A").waitFor();
  await inspect(visitor, "a standing area that is chosen on the map");
  await visitor.close();
});
