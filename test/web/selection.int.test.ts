import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { chargeMissing, enter, holdSeats, seatOf, signUpAt } from "#test/support/fan-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The limits of a choice, what becomes of it, and the words for each refusal of a hold.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const isChosen = (page: Page, seatNumber: number) =>
  seatOf(page, seatNumber).getAttribute("aria-checked");

const hold = (page: Page) => page.getByRole("button", { name: "Hold these seats" }).click();

test("the number of seats for one person is stated before, and no more can be chosen", async () => {
  const { concertId } = await sale.onSale({ policy: { maxSeatsPerUser: 3 } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto(`/concerts/${concertId}`);
  await page.getByText("At most 3", { exact: true }).waitFor();
  await signUpAt(page, concertId);
  await enter(page);
  await page.getByText("At most 3 seats for each person, over all dates.").waitFor();
  for (const seatNumber of [1, 2, 3, 4]) await seatOf(page, seatNumber).click();
  await page.getByText(/^You can hold 3 at most/).waitFor();
  assert.deepEqual([await isChosen(page, 3), await isChosen(page, 4)], ["true", "false"]);
  await inspect(visitor, "as many seats as one person may have");
  await page.getByRole("radio", { name: "List" }).click();
  assert.equal(await page.getByLabel("Seat 4", { exact: true }).isDisabled(), true);
  await page.getByLabel("Seat 3", { exact: true }).uncheck();
  await page.getByText(/^You can hold 3 at most/).waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("Seat 4", { exact: true }).isDisabled(), false);
  await page.getByRole("radio", { name: "Seat map" }).click();
  await hold(page);
  await chargeMissing(page);
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByRole("button", { name: "Join again" }).click();
  await enter(page);
  await page.getByText("You have 2 already. You can hold 1 now.").waitFor();
  for (const seatNumber of [5, 6]) await seatOf(page, seatNumber).click();
  assert.deepEqual([await isChosen(page, 5), await isChosen(page, 6)], ["true", "false"]);
  await visitor.close();
});

test("a choice that would leave a single seat is refused by its name, and taking that seat too works", async () => {
  const { concertId } = await sale.onSale({ policy: { singleSeats: "refused" } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  for (const seatNumber of [2, 3]) await seatOf(page, seatNumber).click();
  await hold(page);
  await page.getByText(/^Seat 1 would be left alone/).waitFor();
  assert.deepEqual([await isChosen(page, 1), await isChosen(page, 2)], ["false", "true"]);
  await inspect(visitor, "a choice that leaves a single seat");
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByText(/^이렇게 고르면 1번 좌석이 양옆이 막힌 채 혼자 남아요/).waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await seatOf(page, 1).click();
  await hold(page);
  await page.getByRole("heading", { name: "Pay", exact: true }).waitFor();
  await visitor.close();
});

test("a limit of one reservation below that of the user holds in the choice too", async () => {
  const { concertId } = await sale.onSale({ policy: { maxSeatsPerReservation: 1 } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  for (const seatNumber of [1, 2]) await seatOf(page, seatNumber).click();
  assert.deepEqual([await isChosen(page, 1), await isChosen(page, 2)], ["true", "false"]);
  await holdSeats(page);
  await visitor.close();
});

test("a hold above a limit that was lowered is refused with the number that is left", async () => {
  const { concertId } = await sale.onSale({ policy: { maxSeatsPerUser: 4 } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  for (const seatNumber of [1, 2]) await seatOf(page, seatNumber).click();
  await sale.admin("PATCH", `/concerts/${concertId}/policy`, {
    maxSeatsPerUser: 1,
    maxSeatsPerReservation: 1,
  });
  await page.waitForTimeout(1_500);
  await hold(page);
  await page.getByText(/more seats than one person may have.* You can hold 1 now\./).waitFor();
  await inspect(visitor, "too many seats");
  await seatOf(page, 2).click();
  await hold(page);
  await page.getByRole("heading", { name: "Pay" }).waitFor();
  await page.getByText("Seat 1", { exact: true }).waitFor();
  await visitor.close();
});

test("a lost seat is reported beside the map, and the message goes when it is settled", async () => {
  const { concertId, dates } = await sale.onSale();
  const [date = ""] = dates;
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  for (const seatNumber of [21, 22]) await seatOf(page, seatNumber).click();
  const other = await sale.admitted(await sale.fan(), concertId);
  const { reservationId } = await sale.reserved(other, { date, seatNumbers: [22] });
  const message = page.getByText(/^Seat 22 was taken by another person/);
  await message.waitFor();
  // On a phone the message may be out of sight; the bar at the bottom, which is as high as before, tells it.
  await page.getByText("Taken by others: Seat 22").waitFor();
  const boxOf = async (of: ReturnType<Page["locator"]>) =>
    (await of.boundingBox()) ?? assert.fail();
  const [map, text] = [await boxOf(page.locator(".map")), await boxOf(message)];
  assert.ok(text.y >= map.y + map.height, "the message covers the map");
  await inspect(visitor, "a lost seat beside the map");
  await page.getByRole("button", { name: "Select seat 23" }).click();
  await message.waitFor({ state: "detached" });
  await page.getByText("Seats 21, 23", { exact: true }).waitFor();

  await sale.cancel(other, reservationId);
  await page.getByRole("checkbox", { name: /^Seat 22,.*free/ }).waitFor();
  await seatOf(page, 22).click();
  const second = await sale.reserved(other, { date, seatNumbers: [22] });
  await message.waitFor();
  await sale.cancel(other, second.reservationId);
  await message.waitFor({ state: "detached" });
  await visitor.close();
});

test("a hold of another tab is reported, and the choice of this one is kept", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page, context } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  const tab = await context.newPage();
  await tab.goto(`/concerts/${concertId}`);
  await enter(tab);
  await seatOf(tab, 30).click();
  await holdSeats(page, 12);
  await hold(tab);
  await tab.getByText(/^You hold these seats already/).waitFor();
  await tab.getByText("Seat 12", { exact: true }).waitFor();
  await tab.getByRole("button", { name: "Release the seats" }).click();
  await tab.getByRole("dialog").getByRole("button", { name: "Release the seats" }).click();
  await tab.getByText("The seats are released.").waitFor();
  await tab.getByText("Seat 30", { exact: true }).waitFor();
  // The first tab shows what has become of its hold when the fan returns to it.
  await page.evaluate("dispatchEvent(new Event('focus'))");
  await page.getByText(/^These seats are no longer held for you/).waitFor();

  await seatOf(page, 41).click();
  await seatOf(tab, 41).click();
  await holdSeats(page);
  await tab.getByText(/^You hold these seats already/).waitFor();
  await tab.getByText("Seat 41", { exact: true }).waitFor();
  assert.equal(await tab.getByText(/taken by another person/).count(), 0);
  await inspect({ ...visitor, page: tab }, "a hold of another tab");
  await visitor.close();
});

test("a fan inside a sale that sells out has no clock, and a way on", async () => {
  const policy = { maxSeatsPerUser: 50, maxSeatsPerReservation: 50 };
  const { concertId, dates } = await sale.onSale({ policy });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  const buyer = await sale.admitted(await sale.fan({ balance: 50_000 }), concertId);
  const seatNumbers = Array.from({ length: 50 }, (_, n) => n + 1);
  const held = await sale.reserved(buyer, { date: dates[0] ?? "", seatNumbers });
  await page.getByText("No date has a free seat now.").waitFor({ timeout: 60_000 });
  await page.getByText("Time to choose").waitFor();
  await sale.pay(buyer, held.reservationId);
  await page.getByText("All seats are sold.").waitFor();
  assert.equal(await page.getByText("appear here again").count(), 0);
  assert.equal(await page.getByRole("timer").count(), 0);
  await inspect(visitor, "inside a sold out sale");
  await page.getByRole("button", { name: "Leave the line" }).waitFor();
  await page.getByRole("link", { name: "All concerts" }).click();
  await page.getByRole("heading", { name: "Concerts" }).waitFor();
  await visitor.close();
});

test("each date keeps its choice, also after a reload", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: dateIn(30) }, { date: dateIn(31) }] });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  const [first, second] = [page.locator(".date").nth(0), page.locator(".date").nth(1)];
  await seatOf(page, 5).click();
  await second.click();
  await first.getByText("1 chosen").waitFor();
  await page.getByText("No seat selected").waitFor();
  for (const seatNumber of [7, 8]) await seatOf(page, seatNumber).click();
  await inspect(visitor, "choices of two dates");
  await first.click();
  await page.getByText("Seat 5", { exact: true }).waitFor();
  await page.reload();
  await second.getByText("2 chosen").waitFor();
  await holdSeats(page);
  await page.getByText("Seat 5", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Release the seats" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Release the seats" }).click();
  await page.getByText("The seats are released.").waitFor();
  await second.click();
  await page.getByText("Seats 7, 8", { exact: true }).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

// code of the refusal | status | Retry-After, s | its words
const refusals: [string, number, number | null, RegExp][] = [
  ["SOLD_OUT", 409, null, /^All seats are sold\./],
  ["SALE_ENDED", 409, null, /^Every date has begun\./],
  ["HOLD_LIMIT", 429, 90, /^You held seats without paying .* Try again in 2 minutes\.$/],
  ["DATE_NOT_FOUND", 404, null, /^This date can no longer be booked/],
  ["NEVER_HEARD_OF", 409, null, /^The server refused this \(NEVER_HEARD_OF\)/],
];
for (const [code, status, retryAfter, words] of refusals)
  test(`a hold that is refused with ${code} has its own words`, async () => {
    const { concertId } = await sale.onSale();
    const visitor = await openVisitor(browser, url);
    const { page } = visitor;
    await page.route(/\/api\/v1\/reservations$/, (route) =>
      route.fulfill({
        status,
        contentType: "application/problem+json",
        headers: retryAfter === null ? {} : { "retry-after": String(retryAfter) },
        body: JSON.stringify({ code, title: "Refused", status }),
      }),
    );
    await signUpAt(page, concertId);
    await enter(page);
    await seatOf(page, 1).click();
    await hold(page);
    await page.getByText(words).waitFor();
    assert.equal(await page.getByText("the server is busy").count(), 0);
    assert.equal(await isChosen(page, 1), "true");
    await visitor.close();
  });
