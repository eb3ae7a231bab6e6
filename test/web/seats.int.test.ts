import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { enter, holdSeats, seatOf, signUpAt } from "#test/support/fan-at-browser.ts";
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
  const { concertId } = await sale.onSale({ policy: { holdSeconds: 3 } });
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

test("a fan inside a sale that sells out is told that no seat comes back", async () => {
  const policy = { maxSeatsPerUser: 50, maxSeatsPerReservation: 50 };
  const { concertId, dates } = await sale.onSale({ policy });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  const buyer = await sale.admitted(await sale.fan({ balance: 50_000 }), concertId);
  const seatNumbers = Array.from({ length: 50 }, (_, n) => n + 1);
  const held = await sale.reserved(buyer, { date: dates[0] ?? "", seatNumbers });
  // Seats may be 1 s old; a fan who enters earlier sees a map whose seats turn grey.
  await page.waitForTimeout(1_500);
  await page.getByRole("button", { name: "Choose seats" }).click();
  await page.getByText("No date has a free seat now.").waitFor();
  await sale.pay(buyer, held.reservationId);
  await page.getByText("All seats are sold.").waitFor();
  assert.equal(await page.getByText("appear here again").count(), 0);
  await inspect(visitor, "inside a sold out sale");
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

test("a reservation above the limit is refused, and a smaller one succeeds", async () => {
  const { concertId } = await sale.onSale({ policy: { maxSeatsPerUser: 2 } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  for (const seatNumber of [1, 2, 3]) await seatOf(page, seatNumber).click();
  await page.getByRole("button", { name: "Hold these seats" }).click();
  await page.getByText(/more seats than one person may have/).waitFor();
  await inspect(visitor, "too many seats");
  await seatOf(page, 3).click();
  await page.getByRole("button", { name: "Hold these seats" }).click();
  await page.getByText("Seats 1, 2", { exact: true }).waitFor();
  await page.getByRole("heading", { name: "Pay" }).waitFor();
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
