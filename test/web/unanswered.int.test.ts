import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { enter, holdSeats, seatOf, signUpAt, userOf } from "#test/support/fan-at-browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Requests whose answer is lost: the page asks the same again, and never says that nothing was changed.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const open = consoleOpener(browser, url, deployment.operatorKey);

const isJson = { contentType: "application/problem+json" };
const failure = JSON.stringify({ code: "INTERNAL", title: "The server failed", status: 500 });

/** Takes effect on the server, and loses the answer until `found` is called. Collects the keys. */
const loseAnswers = async (page: Page, matching: RegExp, how: "lost" | "failed") => {
  const keys: (string | undefined)[] = [];
  let isLost = true;
  await page.route(matching, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    const response = await route.fetch();
    if (!isLost) return route.fulfill({ response });
    return how === "lost"
      ? route.abort()
      : route.fulfill({ status: 500, ...isJson, body: failure });
  });
  return {
    keys,
    found: (): void => {
      isLost = false;
    },
  };
};

const holdsOf = async (page: Page): Promise<number> => {
  const { userId } = await userOf(page);
  return (await deployment.sql("select 1 from reservation where user_id = $1", [userId])).length;
};

const asking = /^No answer yet\. This page asks the same again/;
const reservations = /\/api\/v1\/reservations$/;

for (const way of ["without a reload", "after a reload"] as const)
  test(`a hold without an answer is asked again with its key, ${way}`, async () => {
    const { concertId } = await sale.onSale();
    const visitor = await openVisitor(browser, url);
    const { page } = visitor;
    await signUpAt(page, concertId);
    await enter(page);
    for (const seatNumber of [14, 15]) await seatOf(page, seatNumber).click();
    const answers = await loseAnswers(page, reservations, "lost");
    await page.getByRole("button", { name: "Hold these seats" }).click();
    await page.getByText(asking).waitFor();
    // The choice cannot be changed meanwhile.
    await seatOf(page, 16).click();
    assert.equal(await seatOf(page, 16).getAttribute("aria-checked"), "false");
    await inspect(visitor, "a hold without an answer");
    answers.found();
    if (way === "after a reload") await page.reload();
    await page.getByRole("heading", { name: "Pay" }).waitFor();
    await page.getByText("Seats 14, 15", { exact: true }).waitFor();
    assert.ok(answers.keys.length > 1);
    assert.equal(new Set(answers.keys).size, 1);
    assert.equal(await holdsOf(page), 1);
    assert.deepEqual(visitor.consoleErrors, []);
    await visitor.close();
  });

test("a hold at which the server failed is unknown, and the next attempt is the same request", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  // The page would find the hold by itself; here it is too slow.
  await page.route(/\/users\/[-\w]+\/reservations/, (route) =>
    route.fulfill({ json: { items: [], nextCursor: null } }),
  );
  await page.route(/\/dates\/[-\d]+\/seat-map/, async (route) => {
    const response = await route.fetch();
    const { changes, ...map } = (await response.json()) as Record<string, unknown>;
    const seats = changes === undefined ? { statuses: "A".repeat(50) } : { changes: [] };
    await route.fulfill({ response, json: { ...map, ...seats } });
  });
  await signUpAt(page, concertId);
  await enter(page);
  await seatOf(page, 14).click();
  const answers = await loseAnswers(page, reservations, "failed");
  await page.getByRole("button", { name: "Hold these seats" }).click();
  await page.getByText(/it is not known whether that took effect/).waitFor();
  await inspect(visitor, "a hold at which the server failed");
  answers.found();
  await page.getByRole("button", { name: "Hold these seats" }).click();
  await page.getByRole("heading", { name: "Pay" }).waitFor();
  assert.equal(new Set(answers.keys).size, 1);
  assert.equal(await holdsOf(page), 1);
  await visitor.close();
});

test("a release and a leaving without an answer are asked again until they are known", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await holdSeats(page, 3);
  let isCut = true;
  const cut = (matching: RegExp) =>
    page.route(matching, async (route) => {
      if (route.request().method() !== "DELETE" || !isCut) return route.continue();
      await route.fetch();
      return route.abort();
    });
  await cut(/\/api\/v1\/reservations\/[-\w]+$/);
  await page.getByRole("button", { name: "Release the seats" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Release the seats" }).click();
  await page.getByText(asking).waitFor();
  await inspect(visitor, "a release without an answer");
  isCut = false;
  await page.getByText("The seats are released.").waitFor();
  isCut = true;
  await cut(/\/queue\/tokens\/me$/);
  await page.getByRole("button", { name: "Leave the line" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave the line" }).click();
  await page
    .getByText("Connection lost")
    .or(page.getByRole("heading", { name: "You left the line" }))
    .first()
    .waitFor();
  isCut = false;
  await page.getByRole("heading", { name: "You left the line" }).waitFor();
  await visitor.close();
});

test("a charge whose answer was lost before its session ended stays unknown, and is asked again", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  const fan = await sale.fan();
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  await page.goto("/me");
  let tries = 0;
  const keys = new Set<string | undefined>();
  await page.route(/\/balance\/charges$/, async (route) => {
    tries += 1;
    keys.add(route.request().headers()["idempotency-key"]);
    const response = await route.fetch();
    if (tries === 1) return route.abort();
    if (tries > 2) return route.fulfill({ response });
    const body = JSON.stringify({ code: "ACCESS_TOKEN_INVALID", title: "Ended", status: 401 });
    return route.fulfill({ status: 401, ...isJson, body });
  });
  await page.getByRole("button", { name: "+₩50,000" }).click();
  // This browser cannot renew the session, and the fan signs in again, here in another tab.
  await page.getByRole("heading", { name: "Your session here has ended" }).waitFor();
  const again = { ...fan, name: "Kim", renewAtMs: 1 };
  await page.evaluate(
    `localStorage.setItem("frontrow.session", ${JSON.stringify(JSON.stringify(again))})`,
  );
  await page.reload();
  await page.getByText("₩50,000").first().waitFor();
  assert.equal(await sale.balanceOf(fan), 50_000);
  assert.equal(keys.size, 1);
  await visitor.close();
});

test("a charge at which the server failed is unknown, and only the same one can follow", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  const fan = await sale.fan();
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  await page.goto("/me");
  const answers = await loseAnswers(page, /\/balance\/charges$/, "failed");
  await page.getByRole("button", { name: "+₩50,000" }).click();
  await page.getByText(/^It is not known whether ₩50,000 was added/).waitFor();
  assert.equal(await page.getByRole("button", { name: "+₩100,000" }).count(), 0);
  await inspect(visitor, "a charge at which the server failed");
  answers.found();
  await page.getByRole("button", { name: "Ask again" }).click();
  await page
    .getByText(/^₩50,000 added/)
    .first()
    .waitFor();
  assert.equal(new Set(answers.keys).size, 1);
  assert.equal(await sale.balanceOf(fan), 50_000);
  await visitor.close();
});

test("the console says of a change that failed that it may have been made", async () => {
  const { concertId } = await sale.onSale({});
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await page.route("**/queue/pause", async (route) => {
    await route.fetch();
    await route.fulfill({ status: 500, ...isJson, body: failure });
  });
  await page.getByRole("button", { name: "Pause admission" }).click();
  await page.getByText(/the change may have been made\. Check before you try again\.$/).waitFor();
  await page.getByRole("button", { name: "Resume admission" }).waitFor();
  await visitor.close();
});
