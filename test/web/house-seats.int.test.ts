import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, phone } from "#test/support/browser.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { demoPlan } from "#test/support/demo-plans.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// House seats in the console: seats of a date are blocked and unblocked on the map, by section and by list.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const open = consoleOpener(browser, deployment.instances[0]?.url ?? "", deployment.operatorKey);

const seatsPanel = (page: Page) => page.getByRole("region", { name: "Sold by date and grade" });
const form = (page: Page) => page.getByRole("group", { name: "Seats, to block or unblock" });
const map = (page: Page) => page.getByRole("application", { name: "Seat map" });

/** The letters of the seats as operators read them, by count. */
const lettersOf = async (concertId: string, date: string): Promise<Record<string, number>> => {
  const path = `/concerts/${concertId}/dates/${date}/seats`;
  const { items } = succeeded<{ items: Members[] }>(await sale.admin("GET", path), 200);
  const counts: Record<string, number> = {};
  for (const { status } of items) counts[String(status)] = (counts[String(status)] ?? 0) + 1;
  return counts;
};

for (const viewport of [{ width: 1440, height: 900 }, phone])
  test(`at ${viewport.width} px a section is blocked, its held seat is named, and two seats are unblocked`, async () => {
    const { concertId, dates } = await sale.onSale({ seatingPlan: demoPlan("theatre") });
    const [date = ""] = dates;
    const holder = await sale.admitted(await sale.fan(), concertId);
    await sale.reserved(holder, { date, seatNumbers: [3] });
    const visitor = await open(`/console/${concertId}`, { viewport });
    const { page } = visitor;
    await page.getByRole("radio", { name: "Seats, to block or unblock" }).check();
    await form(page).getByText("Choose seats first.").waitFor();
    await page.getByLabel("A whole section").selectOption("Stalls Left");
    await form(page).getByText("200 seats chosen").waitFor();
    await inspect(visitor, "a section that is chosen");
    await form(page).getByLabel("Reason").fill("Camera position");
    await form(page).getByRole("button", { name: "Block", exact: true }).dblclick();
    await form(page).getByText("199 seats blocked.").waitFor();
    await form(page).getByText("Held: Stalls Left, row A, seat 3").waitFor();
    await seatsPanel(page).getByText("199 blocked").first().waitFor();
    await inspect(visitor, "seats that were blocked, and one that was skipped");
    assert.deepEqual(await lettersOf(concertId, date), { HELD: 1, BLOCKED: 199, AVAILABLE: 1_156 });

    await page.getByRole("radio", { name: "List" }).check();
    await page.getByText("Stalls Left: 0 free, 1 held, 199 blocked").click();
    await page.getByText(/^Row A: 0 free, 1 held, 9 blocked$/).click();
    await page.getByRole("checkbox", { name: /^Stalls Left, row A, seat 1\b/ }).check();
    await page.getByRole("checkbox", { name: /^Stalls Left, row A, seat 2\b/ }).check();
    await form(page).getByText("2 seats chosen: Stalls Left, row A, seats 1, 2").waitFor();
    await inspect(visitor, "the list of the seats");
    await form(page).getByLabel("Reason").fill("The camera is smaller");
    await form(page).getByRole("button", { name: "Unblock" }).click();
    await form(page).getByText("2 seats free again.").waitFor();
    await page.getByText("Stalls Left: 2 free, 1 held, 197 blocked").waitFor();
    assert.deepEqual(await lettersOf(concertId, date), { HELD: 1, BLOCKED: 197, AVAILABLE: 1_158 });
    const audit = await sale.admin("GET", `/audit?concertId=${concertId}&limit=10`);
    const { items } = succeeded<{ items: Members[] }>(audit, 200);
    // The second click of the double click blocked nothing once more.
    assert.deepEqual(
      items.map(({ action }) => action),
      ["seats.unblocked", "seats.blocked", "concert.created"],
    );
    const trail = page.getByRole("region", { name: "Audit trail" });
    await trail.getByText("Seats blocked", { exact: true }).waitFor();
    await trail.getByText("Seats: Stalls Left, row A, seats 1, 2").waitFor();
    await trail.getByText("Seats: Stalls Left: 199 seats").waitFor();
    assert.equal(await trail.getByText(/^Date: /).count(), 2);
    await visitor.close();
  });

test("seats that are chosen on the map with the keyboard are blocked, with Shift all of a row up to there", async () => {
  const { concertId, dates } = await sale.onSale({ seatingPlan: demoPlan("theatre") });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await page.getByRole("radio", { name: "Seats, to block or unblock" }).check();
  await map(page).focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await form(page).getByText("1 seat chosen").waitFor();
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+Enter");
  await form(page).getByText("4 seats chosen").waitFor();
  await form(page).getByLabel("Reason").fill("Director");
  await form(page).getByRole("button", { name: "Block", exact: true }).click();
  await form(page).getByText("4 seats blocked.").waitFor();
  await inspect(visitor, "the map with blocked seats");
  assert.equal((await lettersOf(concertId, dates[0] ?? ""))["BLOCKED"], 4);
  await visitor.close();
});

test("in the hall of 50 seats the operator blocks and unblocks seats, in Korean and on a phone", async () => {
  const { concertId, dates } = await sale.onSale();
  const visitor = await open(`/console/${concertId}`, { viewport: phone, locale: "ko-KR" });
  const { page } = visitor;
  await page.getByRole("radio", { name: "판매에서 빼거나 되돌릴 좌석" }).check();
  const house = page.getByRole("group", { name: "판매에서 빼거나 되돌릴 좌석" });
  await page.getByRole("button", { name: /^7, .*빈 좌석$/ }).click();
  await page.getByRole("button", { name: /^9, .*빈 좌석$/ }).click({ modifiers: ["Shift"] });
  await house.getByText("3석 고름: 7, 8, 9번 좌석").waitFor();
  await house.getByLabel(/^사유/).fill("카메라");
  await house.getByRole("button", { name: "판매에서 빼기" }).click();
  await house.getByText("3석을 판매에서 뺐습니다.").waitFor();
  await page.getByRole("button", { name: /^8, .*판매 제외$/ }).click();
  await inspect(visitor, "house seats of the hall of 50, in Korean");
  await house.getByLabel(/^사유/).fill("더 필요 없음");
  await house.getByRole("button", { name: "판매로 되돌리기" }).click();
  await house.getByText("1석을 판매로 되돌렸습니다.").waitFor();
  assert.deepEqual(await lettersOf(concertId, dates[0] ?? ""), { AVAILABLE: 48, BLOCKED: 2 });
  await visitor.close();
});

test("a change without an answer is told as such, and the seats stay chosen", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await page.getByRole("radio", { name: "Seats, to block or unblock" }).check();
  await page.getByRole("button", { name: /^7, .*Free$/ }).click();
  await form(page).getByLabel("Reason").fill("Camera");
  await page.route("**/seats/block", (route) => route.abort());
  await form(page).getByRole("button", { name: "Block", exact: true }).click();
  await form(page)
    .getByText("The server did not answer, so the change may have been made")
    .waitFor();
  await page.unroute("**/seats/block");
  await form(page).getByRole("button", { name: "Block", exact: true }).click();
  await form(page).getByText("1 seat blocked.").waitFor();
  await visitor.close();
});

test("house seats are blocked on all dates at once, and a skipped seat is named with its date", async () => {
  const days = [dateIn(10), dateIn(11)];
  const { concertId } = await sale.onSale({ dates: days.map((date) => ({ date })) });
  const [first = "", second = ""] = days;
  const holder = await sale.admitted(await sale.fan(), concertId);
  await sale.reserved(holder, { date: second, seatNumbers: [8] });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await page.getByRole("radio", { name: "Seats, to block or unblock" }).check();
  await page.getByRole("button", { name: /^7, .*Free$/ }).click();
  await page.getByRole("button", { name: /^8, .*Free$/ }).click();
  await form(page).getByRole("checkbox", { name: "On all 2 dates" }).check();
  await form(page).getByLabel("Reason").fill("Camera");
  await form(page).getByRole("button", { name: "Block", exact: true }).click();
  await form(page).getByText("3 seats blocked.").waitFor();
  await form(page)
    .getByText(/, Held: Seat 8$/)
    .waitFor();
  await inspect(visitor, "house seats on all dates");
  assert.deepEqual(await lettersOf(concertId, first), { AVAILABLE: 48, BLOCKED: 2 });
  assert.deepEqual(await lettersOf(concertId, second), { AVAILABLE: 48, BLOCKED: 1, HELD: 1 });
  await visitor.close();
});
