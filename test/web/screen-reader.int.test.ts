import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { openBrowser, openVisitor } from "#test/support/browser.ts";
import { holdSeats, seatOf, signUpAt } from "#test/support/fan-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// A whole purchase as a screen reader gets it: the text of the live region and the focus at each step.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const announced = (page: Page, text: RegExp) =>
  page.locator("body > #app > [role=status]").filter({ hasText: text }).waitFor({
    state: "attached",
  });

interface FocusedPage {
  readonly activeElement: { readonly textContent: string | null };
}

const focusIsAt = (page: Page, heading: string) =>
  page.waitForFunction((text) => {
    const { activeElement } = Reflect.get(globalThis, "document") as FocusedPage;
    return activeElement.textContent === text;
  }, heading);

test("each step of a purchase is announced, and its heading takes the focus", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
  const inside = await sale.admitted(await sale.fan(), concertId);
  const others = [];
  for (const fan of await sale.fans(2)) others.push(await sale.placed(fan, concertId));
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("2 people ahead of you").first().waitFor();
  await announced(page, /^You are near the front\. Keep this page open/);
  await focusIsAt(page, "You are near the front");
  for (const other of others) await sale.leave(other);
  await sale.leave(inside);
  await announced(page, /^It is your turn\. Go in and choose your seats/);
  await focusIsAt(page, "It is your turn");
  await page.getByRole("button", { name: "Choose seats" }).click();
  await seatOf(page, 5).waitFor();
  await focusIsAt(page, "Choose your seats");
  await holdSeats(page, 5);
  await focusIsAt(page, "Pay");
  await page.getByRole("button", { name: /^Exactly/ }).click();
  await announced(page, /^₩1,000 added\. Your balance is ₩1,000\.$/);
  await focusIsAt(page, "Pay");
  await page.getByRole("button", { name: /^Pay / }).click();
  await focusIsAt(page, "The seats are yours");
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});
