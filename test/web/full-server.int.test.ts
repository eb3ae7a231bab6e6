import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { signUpAt } from "#test/support/fan-at-browser.ts";
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
  const calmSeats = await fill(page, /\/dates\/[-\d]+\/seats$/);
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
    ["/me", /\/(reservations|payments)\?/, page.getByText("No tickets yet")],
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
