import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { faultsOf, openBrowser, openVisitor, phone } from "#test/support/browser.ts";
import { signUpAt } from "#test/support/fan-at-browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The operator's console on a real server: creating, watching and controlling a sale.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const open = consoleOpener(browser, url, deployment.operatorKey);

const controls = (page: Page) => page.getByRole("region", { name: "Controls" });

test("a wrong key is refused, and the right one is stored in the tab and in no address", async () => {
  const visitor = await openVisitor(browser, url, { viewport: phone });
  const { page } = visitor;
  await page.goto("/console");
  await page.getByLabel("Operator key").fill("not-the-key");
  await page.getByRole("button", { name: "Open the console" }).click();
  await page.getByText("This server does not know the key.").waitFor();
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByText("이 서버에 등록된 운영자 키가 아닙니다.").waitFor();
  await page.getByRole("button", { name: "English" }).click();
  assert.deepEqual(await faultsOf(page), []);
  await page.getByLabel("Operator key").fill(deployment.operatorKey);
  await page.getByRole("button", { name: "Open the console" }).click();
  await page.getByRole("heading", { name: "Sales" }).waitFor();
  assert.ok(!page.url().includes(deployment.operatorKey));
  await page.reload();
  await page.getByRole("heading", { name: "Sales" }).waitFor();
  await page.getByRole("button", { name: "Forget the key" }).click();
  await page.getByLabel("Operator key").waitFor();
  const kept = "[...Object.keys(sessionStorage), ...Object.keys(localStorage)]";
  assert.deepEqual(await page.evaluate(kept), ["frontrow.language"]);
  assert.deepEqual([visitor.consoleErrors, visitor.otherHosts], [[], []]);
  await visitor.close();
});

test("the operator creates a sale, and each refusal shows at its field", async () => {
  const visitor = await open("/console/new");
  const { page } = visitor;
  await page.getByLabel("Title").fill("Winter Night");
  await page.getByLabel("To seat 1").fill("30");
  await page.getByLabel("Seats per user").fill("0");
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Seats per user").getAttribute("aria-invalid"), "true");
  assert.deepEqual(await faultsOf(page), []);
  await page.getByLabel("Seats per user").fill("4");
  await page.getByLabel("From seat 1").fill("0");
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByText("Grades and prices 1 From seat must be 1 or more").waitFor();
  await page.getByLabel("From seat 1").fill("1");
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByText("repeats seats of an earlier grade").first().waitFor();
  await page.getByLabel("To seat 1").fill("20");
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByRole("heading", { name: "Winter Night" }).waitFor();
  await page.getByText("concert.created").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  assert.deepEqual([visitor.consoleErrors, visitor.otherHosts], [[], []]);
  await visitor.close();
});

test("a double click on Create makes one sale, and one on Pause does not resume", async () => {
  const visitor = await open("/console/new");
  const { page } = visitor;
  const title = `Once ${Date.now()}`;
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Create the sale" }).dblclick();
  await page.getByRole("heading", { name: title }).waitFor();
  await controls(page).getByRole("button", { name: "Pause admission" }).dblclick();
  await controls(page).getByRole("button", { name: "Resume admission" }).waitFor();
  await page.getByText("Admission paused").waitFor();
  const { items } = (await sale.admin("GET", "/concerts")).body as {
    items: { title: string; pausedAt: string | null }[];
  };
  const made = items.filter((it) => it.title === title);
  assert.equal(made.length, 1);
  assert.notEqual(made[0]?.pausedAt, null);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("the strict limits and the refusal of single seats of the form are those of the new sale", async () => {
  const visitor = await open("/console/new");
  const { page } = visitor;
  const title = `Strict ${Date.now()}`;
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Strict limits against holding without paying" }).click();
  await page.getByLabel("Single seats in a row").selectOption("refused");
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  const concertId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const { policy } = (await sale.admin("GET", `/concerts/${concertId}`)).body as {
    policy: Record<string, unknown>;
  };
  assert.deepEqual(
    [policy["holdsPerUser"], policy["holdCooldownSeconds"], policy["idleSeconds"]],
    [10, 60, 180],
  );
  assert.equal(policy["singleSeats"], "refused");
  await visitor.close();
});

test("a sale that was created without an answer is created once when the operator tries again", async () => {
  const visitor = await open("/console/new");
  const { page } = visitor;
  const title = `Lost ${Date.now()}`;
  await page.getByLabel("Title").fill(title);
  let lost = 0;
  await page.route("**/admin/v1/concerts", async (route) => {
    lost += 1;
    await route.fetch();
    await (lost === 1 ? route.abort() : route.continue());
  });
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  await page.unroute("**/admin/v1/concerts");
  const { items } = (await sale.admin("GET", "/concerts")).body as { items: { title: string }[] };
  assert.equal(lost >= 1 && items.filter((it) => it.title === title).length, 1);
  await visitor.close();
});

test("times are entered and shown in the sale's zone with the operator's own, and prices are not rounded", async () => {
  const visitor = await open("/console/new", { timezoneId: "America/New_York" });
  const { page } = visitor;
  await page.getByLabel("Title").fill("Far Away");
  await page.getByLabel("Time zone", { exact: true }).fill("Asia/Seoul");
  const day = dateIn(30);
  await page.getByLabel("Date 1", { exact: true }).fill(day);
  await page.getByLabel("Starts at 1").fill(`${day}T20:30`);
  await page.getByLabel("Opens").fill(`${dateIn(20)}T09:00`);
  await page.getByLabel("Published").fill(`${dateIn(10)}T09:00`);
  await page
    .getByText(/09:00 \(your time: .*(19|20):00\)/)
    .first()
    .waitFor();
  await page.getByLabel("Price 1").fill("1000.5");
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByText("Grades and prices 1 Price must be a whole number").waitFor();
  assert.equal(await page.getByLabel("Price 1").getAttribute("aria-invalid"), "true");
  await page.getByLabel("Price 1").fill("1000");
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByRole("heading", { name: "Far Away" }).waitFor();
  await page.getByText(/^A draft: .* 09:00 \(your time: /).waitFor();
  await page.getByText(/^Opens .* 09:00 \(your time: /).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  const { body } = await sale.admin("GET", `/concerts/${page.url().split("/").at(-1)}`);
  const { queue, publishedAt, dates } = body as unknown as {
    queue: { opensAt: string };
    publishedAt: string;
    dates: { startsAt: string }[];
  };
  assert.deepEqual(
    [queue.opensAt, publishedAt, dates[0]?.startsAt],
    [`${dateIn(20)}T00:00:00.000Z`, `${dateIn(10)}T00:00:00.000Z`, `${day}T11:30:00.000Z`],
  );
  await page.getByRole("link", { name: "All sales" }).click();
  await page.getByText("Draft", { exact: true }).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("the fan's page follows pause and resume, a change has a preview, and closing needs the title", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
  await sale.admitted(await sale.fan(), concertId);
  const fan = await openVisitor(browser, url);
  await signUpAt(fan.page, concertId);
  await fan.page.getByText("No one is ahead of you").first().waitFor();
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await controls(page).getByRole("button", { name: "Pause admission" }).click();
  await controls(page).getByRole("button", { name: "Resume admission" }).waitFor();
  await fan.page
    .getByText(/paused/i)
    .first()
    .waitFor();
  await controls(page).getByLabel("Active users at most").fill("7");
  await controls(page).getByRole("table").getByText("Limited by").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await controls(page).getByRole("button", { name: "Apply", exact: true }).click();
  await page.getByText("Applied. It takes effect within a second.").waitFor();
  await controls(page).getByLabel("Ramp up to the full rate (s)").fill("0");
  await controls(page).getByRole("button", { name: "Resume admission" }).click();
  await fan.page.getByRole("button", { name: "Choose seats" }).waitFor();
  await controls(page).getByRole("button", { name: "Close the sale …" }).click();
  const dialog = page.getByRole("dialog");
  const close = dialog.getByRole("button", { name: "Close for good" });
  assert.equal(await close.isDisabled(), true);
  const label = await dialog.locator("label span").textContent();
  await dialog.locator("input").fill(String(label).split(": ").slice(1).join(": "));
  assert.deepEqual(await faultsOf(page), []);
  await close.click();
  await controls(page).getByText("Closed").waitFor();
  for (const action of ["queue.paused", "queue.resumed", "policy.changed", "queue.closed"]) {
    await page.getByText(action).first().waitFor();
  }
  assert.deepEqual([visitor.consoleErrors, fan.consoleErrors], [[], []]);
  await fan.close();
  await visitor.close();
});

test("releasing a hold needs a reason, which the audit trail keeps, and the place's history is shown", async () => {
  const day = dateIn(20);
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const placed = await sale.admitted(await sale.fan({ balance: 5_000 }), concertId);
  const held = await sale.reserved(placed, { date: day, seatNumbers: [3, 4] });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await page.getByRole("button", { name: /^3, .*Held$/ }).click();
  await page.getByText(placed.userId).waitFor();
  await page.getByText(held.reservationId).waitFor();
  await page.getByRole("button", { name: "Release this hold …" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("asked by phone");
  await page.getByRole("dialog").getByRole("button", { name: "Release", exact: true }).click();
  await page.getByText("Released. The seats are free.").waitFor();
  await page.getByRole("button", { name: /^4, .*Free$/ }).waitFor();
  await page.getByText("asked by phone").waitFor();
  await page.getByText("Status: Held → Released").waitFor();
  const rows = await deployment.sql<{ status: string }>(
    "select status from reservation where reservation_id = $1",
    [held.reservationId],
  );
  assert.deepEqual(rows, [{ status: "CANCELLED" }]);
  await page.getByLabel("User id").fill(placed.userId);
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByText(/Joined as number 1/).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

for (const [width, locale, colorScheme] of [
  [360, "ko-KR", "dark"],
  [768, "en-GB", "dark"],
  [1440, "ko-KR", "light"],
] as const) {
  test(`the console fits the screen and axe finds nothing: ${width} px, ${locale}, ${colorScheme}`, async () => {
    const { concertId } = await sale.onSale({});
    const viewport = { width, height: 900 };
    const visitor = await open(`/console/${concertId}`, { viewport, locale, colorScheme });
    const { page } = visitor;
    await page.locator(".seat-grid").waitFor();
    await page.locator(".plot").first().waitFor();
    const seat = await page.locator(".seat-grid button").first().boundingBox();
    // Touch targets need 44 px; a mouse pointer needs 24.
    assert.ok(seat !== null && Math.min(seat.width, seat.height) >= (width === 360 ? 44 : 24));
    assert.ok(Number(await page.evaluate("document.documentElement.scrollWidth")) <= width);
    assert.deepEqual(await faultsOf(page), []);
    assert.deepEqual(visitor.consoleErrors, []);
    await visitor.close();
  });
}
