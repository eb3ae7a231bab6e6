import assert from "node:assert/strict";
import { after, test } from "node:test";
import { faultsOf, inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { eventually } from "#test/support/concurrency.ts";
import { openShop } from "#test/support/goods.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The shop of a fan in the browser: list, cart, hold, payment and orders.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const shop = openShop(sale);
const url = deployment.instances[0]?.url ?? "";

const openMine = async (fan: object | null, locale = "en-US") => {
  const visitor = await openVisitor(browser, url, { locale });
  const { page } = visitor;
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  if (fan !== null)
    await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  await page.goto("/shop");
  return visitor;
};

test("a fan puts products in the cart, holds them, and pays them within the countdown, on a phone and in Korean", async () => {
  const mug = await shop.product({ name: "Mug", price: 15_000, stock: 10, perUser: 4 });
  for (const [locale, words] of [
    ["en-US", { more: "+1 Mug", hold: /^Hold these for/, pay: /^Pay /, paid: "Paid" }],
    ["ko-KR", { more: "+1 Mug", hold: /주문하기$/, pay: /결제하기$/, paid: "결제 완료" }],
  ] as const) {
    const fan = await sale.fan({ balance: 40_000 });
    const visitor = await openMine(fan, locale);
    const { page } = visitor;
    const more = page.getByRole("button", { name: words.more });
    await more.click();
    await more.click();
    await inspect(visitor, `shop with a cart, ${locale}`);
    await page.getByRole("button", { name: words.hold }).click();
    await page.getByRole("timer").waitFor();
    await inspect(visitor, `shop with an order on hold, ${locale}`);
    await page.getByRole("button", { name: words.pay }).click();
    await page.locator(".chip", { hasText: words.paid }).waitFor();
    assert.equal(await sale.balanceOf(fan), 10_000);
    assert.deepEqual(await faultsOf(page), []);
    await visitor.close();
  }
  assert.equal((await shop.read(mug.productId)).sold, 4);
});

test("a fan whose pieces are gone meanwhile is told so, and an order can be cancelled", async () => {
  const cap = await shop.product({ name: "Last cap", price: 100, stock: 1, perUser: 1 });
  const fan = await sale.fan();
  const { page, close } = await openMine(fan);
  const more = page.getByRole("button", { name: "+1 Last cap" });
  await more.click();
  const other = await sale.fan();
  const { orderId } = await shop.ordered(other, [{ productId: cap.productId, quantity: 1 }]);
  await page.getByRole("button", { name: /^Hold these/ }).click();
  await page.getByRole("alert").filter({ hasText: "Too few are left" }).waitFor();
  await shop.cancel(other, orderId);
  // The list may be a moment old, in the server and in the browser.
  await eventually("the piece is free again on the page", async () => {
    await page.reload();
    await page.getByRole("heading", { name: "Last cap" }).waitFor();
    return (await more.count()) > 0 || undefined;
  });
  await more.click();
  await page.getByRole("button", { name: /^Hold these/ }).click();
  await page.getByText("Your balance is short by").waitFor();
  await page.getByRole("button", { name: "Cancel the order" }).click();
  await page.locator(".chip", { hasText: "Cancelled" }).waitFor();
  assert.equal((await shop.read(cap.productId)).held, 0);
  await close();
});

test("a visitor without an account reads the products, and is told how to order", async () => {
  const visitor = await openMine(null);
  await visitor.page.getByText("Sign in or join the queue of a concert to order.").waitFor();
  assert.equal(await visitor.page.getByRole("button", { name: /^\+1/ }).count(), 0);
  await inspect(visitor, "shop without an account");
  await visitor.close();
});
