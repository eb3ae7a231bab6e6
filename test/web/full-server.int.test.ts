import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { chargeMissing, holdSeats, signUpAt } from "#test/support/fan-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The fan's pages while the server refuses requests, in a real browser.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const { concertId } = await sale.onSale();

/** Answers matching requests as a full server does, until the returned function is called. */
const fill = async (page: Page, matching: RegExp): Promise<() => Promise<void>> => {
  await page.route(matching, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      headers: { "retry-after": "3" },
      body: JSON.stringify({ code: "UNAVAILABLE", title: "Not possible at this moment" }),
    }),
  );
  return () => page.unroute(matching);
};

test("signing up and entering at a full server shows that the page repeats the request by itself", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  const calm = await fill(page, /\/api\/v1\/users$/);
  await signUpAt(page, concertId);
  await page.getByText("The server is busy. This page tries again by itself.").waitFor();
  await inspect(visitor, "signing up at a full server");
  await calm();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  assert.equal(await page.getByText("The server is busy").count(), 0);
  const calmSeats = await fill(page, /\/dates\/[-\d]+\/seat-map$/);
  await page.getByRole("button", { name: "Choose seats" }).click();
  await page.getByText(/^The seats cannot be loaded now/).waitFor();
  await inspect(visitor, "no seats from a full server");
  await calmSeats();
  await page.getByRole("checkbox", { name: /^Seat 1,/ }).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("the list and My tickets say that the server is full, and load by themselves later", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  // Each list of a page says so for itself.
  const busy = page.getByText("The server is busy. This page tries again by itself.").first();
  const pages = [
    ["/", /\/api\/v1\/concerts$/, page.getByRole("link", { name: "Proof" })],
    ["/me", /\/(reservations|tickets)\?/, page.getByText("No tickets yet")],
  ] as const;
  for (const [path, matching, shown] of pages) {
    const calm = await fill(page, matching);
    await page.goto(path);
    await busy.waitFor();
    await inspect(visitor, `a full server at ${path}`);
    await calm();
    await shown.waitFor();
    await busy.waitFor({ state: "detached" });
  }
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

/** Answers matching requests with a failure that a client does not repeat, until the returned function is called. */
const fail = async (page: Page, matching: RegExp): Promise<() => Promise<void>> => {
  const json = { code: "INTERNAL", title: "The server failed", status: 500 };
  await page.route(matching, (route) => route.fulfill({ status: 500, json }));
  return () => page.unroute(matching);
};

test("a concert, its dates or a receipt that cannot be read is told, and not loading for ever", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  const calmConcert = await fail(page, /\/api\/v1\/concerts\/[-\w]+$/);
  await page.goto(`/concerts/${concertId}`);
  await page.getByText("The server is busy").waitFor();
  assert.equal(await page.getByText("There is no such concert").count(), 0);
  await inspect(visitor, "a concert that cannot be read");
  await calmConcert();
  await signUpAt(page, concertId);
  const calmDates = await fail(page, /\/dates$/);
  await page.getByRole("button", { name: "Choose seats" }).click();
  await page.getByText(/^The seats cannot be loaded now/).waitFor();
  await inspect(visitor, "dates that cannot be read");
  await calmDates();
  await holdSeats(page, 5);
  await chargeMissing(page);
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByRole("button", { name: "Join again" }).waitFor();
  const calmPayments = await fail(page, /\/payments(\?|$)/);
  await page.reload();
  await page.getByRole("alert").waitFor();
  await inspect(visitor, "a receipt that cannot be read");
  await calmPayments();
  const calmTickets = await fail(page, /\/tickets\?/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("All my tickets").waitFor();
  await page.getByRole("alert").waitFor();
  await inspect(visitor, "tickets that cannot be read");
  await calmTickets();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("img", { name: "Code of the ticket for seat 5" }).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("each list of My tickets fails by itself: the others are shown", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  const fan = await sale.fan({ balance: 5_000 });
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  const calm = await fail(page, /\/balance$/);
  await page.goto("/me");
  await page.getByRole("cell", { name: "Charge" }).waitFor();
  await page.getByText("No tickets yet").waitFor();
  const balance = page.getByRole("region", { name: "Balance", exact: true });
  await balance.getByRole("alert").waitFor();
  await calm();
  await balance.getByRole("button", { name: "Try again" }).click();
  await balance.getByText("₩5,000").first().waitFor();
  await visitor.close();
});
