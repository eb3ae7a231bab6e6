import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { enter, holdSeats, seatOf, signUpAt } from "#test/support/fan-at-browser.ts";
import { until, outlastsTwoAnswers } from "#test/support/concurrency.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The seat map: seats that others take, holds that lapse, and limits.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

test("when two fans want a seat, one gets it, and the other is told and offered free seats nearby", async () => {
  const { concertId } = await sale.onSale();
  const both = await Promise.all([openVisitor(browser, url), openVisitor(browser, url)]);
  const pages = both.map(({ page }) => page);
  for (const page of pages) {
    await signUpAt(page, concertId);
    await enter(page);
    for (const seatNumber of [12, 13]) await seatOf(page, seatNumber).click();
  }
  const hold = (page: (typeof pages)[number]) =>
    page.getByRole("button", { name: "Hold these seats" }).click();
  await Promise.all(pages.map(hold));

  const outcome = async (page: (typeof pages)[number]): Promise<"won" | "lost"> => {
    const won = page.getByRole("heading", { name: "Pay" });
    const lost = page.getByText(/taken by (another person|other people)/);
    await won.or(lost).first().waitFor();
    return (await won.isVisible()) ? "won" : "lost";
  };
  const outcomes = await Promise.all(pages.map(outcome));
  assert.deepEqual(outcomes.toSorted(), ["lost", "won"]);

  const loser = pages[outcomes.indexOf("lost")];
  assert.ok(loser);
  await loser.getByRole("button", { name: "Select seat 11" }).click();
  await loser.getByRole("button", { name: "Hold these seats" }).click();
  await loser.getByRole("heading", { name: "Pay" }).waitFor();
  await loser.getByText("Seat 11", { exact: true }).waitFor();
  for (const { consoleErrors } of both) assert.deepEqual(consoleErrors, []);
  await Promise.all(both.map((visitor) => visitor.close()));
});

test("the message of lost seats stays while the map is older than the refusal, and goes when they are freed", async () => {
  const { concertId, dates } = await sale.onSale();
  const [date = ""] = dates;
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await seatOf(page, 12).click();

  let oldMaps = 0;
  const maps = /\/seat-map\?/;
  await page.route(maps, (route) => {
    const version = new URL(route.request().url()).searchParams.get("since");
    oldMaps += 1;
    return route.fulfill({
      json: { date, version, seatsAvailable: 50, sections: [], changes: [] },
    });
  });
  const other = await sale.admitted(await sale.fan(), concertId);
  const { reservationId } = await sale.reserved(other, { date, seatNumbers: [12] });
  await page.getByRole("button", { name: "Hold these seats" }).click();
  const lost = page.getByText(/^Seat 12 was taken by another person/);
  await lost.waitFor();
  const before = oldMaps;
  await until(() => oldMaps > before + 2);
  assert.ok(await lost.isVisible());

  await page.unroute(maps);
  await page.getByRole("checkbox", { name: /^Seat 12,.*held by another person/ }).waitFor();
  assert.ok(await lost.isVisible());
  await page.getByRole("button", { name: "Select seat 11" }).waitFor();
  await sale.cancel(other, reservationId);
  await lost.waitFor({ state: "detached" });
  await visitor.close();
});

for (const width of [360, 768, 1280]) {
  test(`names and prices of grades stay on one line on a screen of ${width} px`, async () => {
    const { concertId } = await sale.onSale({
      grades: [
        { name: "STANDARD", price: 132_000, seats: [1, 30] },
        { name: "Balcony", price: 99_000, seats: [31, 50] },
      ],
    });
    const visitor = await openVisitor(browser, url, { viewport: { width, height: 900 } });
    const { page } = visitor;
    await signUpAt(page, concertId);
    await enter(page);
    const words = "[...document.querySelectorAll('.grades b, .grades .num')]";
    const heights = (await page.evaluate(`${words}.map((it) => it.clientHeight)`)) as number[];
    assert.equal(heights.length, 6);
    for (const height of heights) assert.ok(height > 10 && height < 30, String(heights));
    await visitor.close();
  });
}

test("a taken seat is marked and a freed one returns without a reload, and the rest of a selection stays", async () => {
  const { concertId, dates } = await sale.onSale();
  const [date = ""] = dates;
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  for (const seatNumber of [21, 22]) await seatOf(page, seatNumber).click();
  const before = await seatOf(page, 21).boundingBox();

  const other = await sale.admitted(await sale.fan(), concertId);
  const reserved = await sale.reserved(other, { date, seatNumbers: [22] });
  await page.getByRole("checkbox", { name: /^Seat 22,.*held by another person/ }).waitFor();
  await page.getByText(/^Seat 22 was taken by another person/).waitFor();
  await page.getByText("Seat 21", { exact: true }).waitFor();
  assert.equal(await seatOf(page, 22).getAttribute("aria-disabled"), "true");
  // The message must not move the seats under the fan's finger.
  assert.deepEqual(await seatOf(page, 21).boundingBox(), before);
  await inspect(visitor, "a seat that was lost");

  await sale.cancel(other, reserved.reservationId);
  await page.getByRole("checkbox", { name: /^Seat 22,.*free/ }).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("a hold that lapses on screen is reported, and seats can be selected again", async () => {
  const { concertId } = await sale.onSale({ policy: { holdSeconds: outlastsTwoAnswers } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await holdSeats(page, 5);
  await page.getByRole("timer").waitFor();
  await page.getByText(/^Your hold has expired/).waitFor();
  await inspect(visitor, "a hold that has run out");
  await page.getByRole("checkbox", { name: /^Seat 5,.*free/ }).waitFor();
  await holdSeats(page, 5);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("seats of a cancelled hold are free for others at once", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await holdSeats(page, 7);
  await page.getByRole("button", { name: "Release the seats" }).click();
  await inspect(visitor, "the question whether to release seats");
  await page.getByRole("dialog").getByRole("button", { name: "Release the seats" }).click();
  await page.getByText("The seats are released.").waitFor();
  await page.getByRole("checkbox", { name: /^Seat 7,.*free/ }).waitFor();
  await visitor.close();
});

test("a fan with too many holds without a payment is told so, not that the server is busy", async () => {
  const { concertId } = await sale.onSale({ policy: { holdsPerUser: 1 } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await holdSeats(page, 1);
  await page.getByRole("button", { name: "Release the seats" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Release the seats" }).click();
  await page.getByText("The seats are released.").waitFor();
  await seatOf(page, 2).click();
  await page.getByRole("button", { name: "Hold these seats" }).click();
  await page.getByText(/^You held seats without paying for them/).waitFor();
  await inspect(visitor, "too many holds without a payment");
  await visitor.close();
});

test("a second tab and another device show the same hold", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page, context } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await holdSeats(page, 30);

  const tab = await context.newPage();
  await tab.goto(`/concerts/${concertId}`);
  await tab.getByRole("button", { name: "Choose seats" }).click();
  await tab.getByRole("heading", { name: "Pay" }).waitFor();
  await tab.close();

  await page.goto("/me");
  await page.getByRole("button", { name: "Use another device" }).click();
  const link = await page.getByRole("link", { name: "Link" }).getAttribute("href");
  const device = await openVisitor(browser, url);
  await device.page.goto(link ?? "");
  await device.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await device.page.getByText("Signed in as Kim").waitFor();
  await device.page.goto(`/concerts/${concertId}`);
  await device.page.getByRole("button", { name: "Join the line" }).click();
  await device.page.getByRole("button", { name: "Choose seats" }).click();
  await device.page.getByRole("heading", { name: "Pay" }).waitFor();
  await Promise.all([visitor.close(), device.close()]);
});
