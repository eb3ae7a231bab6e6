import assert from "node:assert/strict";
import { after, test } from "node:test";
import { desk, inspect, openBrowser, openVisitor, phone } from "#test/support/browser.ts";
import { signUpAt, userOf } from "#test/support/fan-at-browser.ts";
import { openShop, type OrderBody } from "#test/support/goods.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The way from a concert to its products, and products behind the queue, in the browser.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const shop = openShop(sale);
const url = deployment.instances[0]?.url ?? "";

/** A product that only an ACTIVE user can order, one of the same concert without the queue, and one of the house. */
const openGoods = async (policy: Members = {}) => {
  const { concertId } = await sale.onSale({ policy });
  const ofConcert = { concertId, stock: 10, perUser: 2, price: 1_000 };
  const behind = await shop.product({ ...ofConcert, name: "Tour poster", requiresTurn: true });
  await shop.product({ ...ofConcert, name: "Light stick" });
  return { concertId, behind };
};

for (const [locale, viewport, words] of [
  ["en-GB", phone, { ofConcert: "Shop of this concert", all: "All products" }],
  ["ko-KR", desk, { ofConcert: "이 공연의 굿즈", all: "전체 상품" }],
] as const)
  test(`a concert with products leads to its own shop, one without does not, in ${locale}`, async () => {
    const { concertId } = await openGoods();
    await shop.product({ name: "Mug" });
    const plain = await sale.onSale();
    const visitor = await openVisitor(browser, url, { locale, viewport });
    const { page } = visitor;
    const asked = page.waitForResponse((it) => it.url().includes(`concertId=${plain.concertId}`));
    await page.goto(`/concerts/${plain.concertId}`);
    await (await asked).finished();
    await page.locator(".facts").waitFor();
    const link = page.getByRole("link", { name: words.ofConcert });
    assert.equal(await link.count(), 0);
    await page.goto(`/concerts/${concertId}`);
    await link.waitFor();
    await inspect(visitor, `the page of a concert with products, ${locale}`);
    await link.click();
    await page.getByRole("heading", { name: "Tour poster" }).waitFor();
    assert.match(page.url(), new RegExp(`/shop\\?concertId=${concertId}$`));
    assert.equal(await page.getByRole("heading", { name: "Mug" }).count(), 0);
    await page.reload();
    await page.getByRole("heading", { name: "Light stick" }).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Mug" }).count(), 0);
    await inspect(visitor, `the shop of a concert, ${locale}`);
    await page.getByRole("link", { name: words.all }).click();
    await page.getByRole("heading", { name: "Mug" }).first().waitFor();
    assert.match(page.url(), /\/shop$/);
    await page.goBack();
    await page.getByRole("heading", { name: "Mug" }).first().waitFor({ state: "detached" });
    await page.goBack();
    await link.waitFor();
    await visitor.close();
  });

test("a product behind the queue leads a fan without a turn to the queue, and is ordered in the turn", async () => {
  const { concertId, behind } = await openGoods({ maxActive: 1 });
  const first = await sale.admitted(await sale.fan(), concertId);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto(`/shop?concertId=${concertId}`);
  const toQueue = page.getByRole("link", { name: "To the queue Tour poster" });
  await toQueue.click();
  assert.match(page.url(), new RegExp(`/concerts/${concertId}$`));
  await signUpAt(page, concertId);
  await page.getByRole("button", { name: "Leave the line" }).waitFor();
  const ofConcert = page.getByRole("link", { name: "Shop of this concert" });
  await ofConcert.click();
  const poster = page.getByRole("listitem").filter({ hasText: "Tour poster" });
  await poster.getByText("Join the queue of the concert").waitFor();
  await page.getByRole("button", { name: "+1 Light stick" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "+1 Tour poster" }).count(), 0);
  await inspect(visitor, "a product behind the queue, without a turn");
  await toQueue.click();
  await page.getByRole("button", { name: "Leave the line" }).waitFor();
  succeeded(await sale.leave(first), 204);
  await page.getByRole("button", { name: "Choose seats" }).waitFor();
  await ofConcert.click();
  await page.getByText("It is your turn: you can order this now.").waitFor();
  await page.getByRole("button", { name: "+1 Tour poster" }).click();
  await inspect(visitor, "a product behind the queue, in the turn");
  await page.getByRole("button", { name: /^Hold these for/ }).click();
  await page.getByRole("timer").waitFor();
  const { userId } = await userOf(page);
  const path = `/orders?userId=${userId}`;
  const { items } = succeeded<{ items: OrderBody[] }>(await sale.admin("GET", path), 200);
  assert.deepEqual(
    items.map(({ status, items: [item] }) => [status, item?.productId, item?.quantity]),
    [["HELD", behind.productId, 1]],
  );
  await page.goBack();
  await page.getByRole("button", { name: "Choose seats" }).waitFor();
  await visitor.close();
});

test("a fan whose turn ends on the page of the shop is told so, and nothing is ordered", async () => {
  const { concertId, behind } = await openGoods();
  const fan = await sale.fan({ balance: 5_000 });
  const placed = await sale.admitted(fan, concertId);
  const { page, close } = await openVisitor(browser, url);
  await page.goto("/");
  const stored = { "frontrow.session": { ...fan, name: "Kim" } };
  const place = { token: placed.queueToken, initialAhead: null, isOver: false };
  const all = { ...stored, [`frontrow.@${fan.userId}/place.${concertId}`]: place };
  for (const [name, value] of Object.entries(all))
    await page.evaluate(
      `localStorage.setItem(${JSON.stringify(name)}, ${JSON.stringify(JSON.stringify(value))})`,
    );
  await page.goto(`/shop?concertId=${concertId}`);
  await page.getByRole("button", { name: "+1 Tour poster" }).click();
  succeeded(await sale.leave(placed), 204);
  await page.getByRole("button", { name: /^Hold these for/ }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: "It is not your turn in the queue of this concert." })
    .waitFor();
  await page.getByRole("link", { name: "To the queue Tour poster" }).waitFor();
  assert.equal(await page.getByRole("button", { name: /^Hold these for/ }).count(), 0);
  assert.equal((await shop.read(behind.productId)).held, 0);
  await close();
});
