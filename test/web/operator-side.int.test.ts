import assert from "node:assert/strict";
import { after, test } from "node:test";
import { desk, openBrowser, openVisitor } from "#test/support/browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The console's way into the pages that production closes: the API page by a session, the metrics by the key.

const deployment = await startDeployment({
  instances: 1,
  env: { NODE_ENV: "production", USERS_BUILT_IN: "true" },
});
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const url = deployment.instances[0]?.url ?? "";
const open = consoleOpener(browser, url, deployment.operatorKey);

test("the console reads the figures of a production server, which need the key", async () => {
  const { concertId } = await openSale(deployment).onSale({ dates: [{ date: dateIn(20) }] });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await page.getByRole("table", { name: "Server and stores" }).waitFor();
  assert.equal(await page.getByText("/metrics does not answer").count(), 0);
  assert.deepEqual([visitor.consoleErrors, visitor.otherHosts], [[], []]);
  await visitor.close();
});

test("the API page asks for the key in the console, goes on, and closes with the console", async () => {
  const visitor = await openVisitor(browser, url, { viewport: desk });
  const { page } = visitor;
  await page.goto("/docs");
  await page.getByLabel("Operator key").fill(deployment.operatorKey);
  await page.getByRole("button", { name: "Open the console" }).click();
  await page.locator(".opblock").first().waitFor();
  assert.equal(new URL(page.url()).pathname, "/docs");
  assert.deepEqual([visitor.consoleErrors, visitor.otherHosts], [[], []]);
  await page.goto("/console");
  await page.getByRole("link", { name: "API" }).click();
  await page.locator(".opblock").first().waitFor();
  await page.goto("/console");
  const closed = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  await page.getByRole("button", { name: "Forget the key" }).click();
  assert.equal((await closed).status(), 204);
  await page.goto("/docs");
  await page.getByLabel("Operator key").waitFor();
  await visitor.close();
});

test("a browser that keeps no cookie is told so, and is not sent in a circle", async () => {
  const visitor = await openVisitor(browser, url, { viewport: desk });
  const { page } = visitor;
  await page.route("**/admin/v1/session", (route) => route.fulfill({ status: 204 }));
  await page.goto("/docs");
  await page.getByLabel("Operator key").fill(deployment.operatorKey);
  await page.getByRole("button", { name: "Open the console" }).click();
  await page.getByText("The browser did not keep the cookie").waitFor();
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByRole("link", { name: "API" }).waitFor();
  await visitor.close();
});
