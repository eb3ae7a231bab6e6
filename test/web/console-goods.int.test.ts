import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { desk, inspect, openBrowser, openVisitor, phone } from "#test/support/browser.ts";
import { succeeded } from "#test/support/client.ts";
import { openShop, type OperatorProduct } from "#test/support/goods.ts";
import { sweep } from "#test/support/invariants.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Goods in the console: products, orders with their refunds, top sellers, and what each role sees of them.

const keyOf = (role: string): string => `${role}-key-of-the-tests-0123456789abcdef`;
const deployment = await startDeployment({
  instances: 1,
  env: {
    OPERATOR_KEYS: ["sales", "viewer"].map((it) => `${it}-1:${it}:${keyOf(it)}`).join(","),
  },
});
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const shop = openShop(sale);
const url = deployment.instances[0]?.url ?? "";
const open = consoleOpener(browser, url, deployment.operatorKey);

const words = {
  "en-GB": {
    newProduct: "New product of this sale",
    name: "Name",
    price: "Price (KRW)",
    stock: "Stock",
    perUser: "Limit a person",
    turn: "Only during the fan’s turn in the queue",
    create: "Create the product",
    onSale: "is on sale.",
    products: "Products",
    behind: "Behind the queue",
    orders: "Orders",
    paid: "Paid",
    refunded: "Refunded",
    refund: /^Refund this order …/,
    refundTitle: "Refund the order in full",
    reason: "Reason (kept in the audit trail)",
    refundNow: "Refund",
    top: "Top sellers",
    piecesPaid: "2 paid",
    audit: "Audit trail",
    actions: ["Order of goods refunded", "Product created"],
    shopOrder: /^Hold these for/,
    shopPay: /^Pay /,
    shopPaid: "Your order is paid.",
  },
  "ko-KR": {
    newProduct: "이 판매의 새 상품",
    name: "이름",
    price: "가격 (KRW)",
    stock: "재고",
    perUser: "1인당 한도",
    turn: "대기열에서 차례가 된 사람만 주문",
    create: "상품 등록",
    onSale: "상품을 등록했습니다.",
    products: "상품",
    behind: "대기열 필요",
    orders: "주문",
    paid: "결제 완료",
    refunded: "환불됨",
    refund: /^이 주문 환불/,
    refundTitle: "주문 전액 환불",
    reason: "사유 (변경 기록에 남습니다)",
    refundNow: "환불",
    top: "인기 상품",
    piecesPaid: "2개 결제",
    audit: "변경 기록",
    actions: ["굿즈 주문 환불", "상품 등록"],
    shopOrder: /주문하기$/,
    shopPay: /결제하기$/,
    shopPaid: "결제가 끝났어요.",
  },
} as const;

/** The figures of a product in the table: price, stock, sold, held, free, limit. */
const figuresOf = (page: Page, name: string) =>
  page
    .getByRole("row", { name: new RegExp(`^${name}`) })
    .locator("td.num")
    .allTextContents();

const settled = async (page: Page, name: string, figures: readonly string[]): Promise<void> => {
  const row = page.getByRole("row", { name: new RegExp(`^${name}`) });
  await row.filter({ hasText: figures.join("") }).waitFor({ timeout: 60_000 });
  assert.deepEqual((await figuresOf(page, name)).slice(1), figures);
};

for (const [locale, viewport] of [
  ["en-GB", phone],
  ["ko-KR", desk],
] as const)
  test(`an operator creates a product, a fan orders and pays it, the operator refunds the order, in ${locale}`, async () => {
    const t = words[locale];
    const { concertId } = await sale.onSale();
    const visitor = await open(`/console/goods/${concertId}`, { locale, viewport });
    const { page } = visitor;
    const form = page.getByRole("region", { name: t.newProduct });
    await form.getByLabel(t.name, { exact: true }).fill("Tour shirt");
    await form.getByLabel(t.price, { exact: true }).fill("12000");
    await form.getByLabel(t.stock, { exact: true }).fill("10");
    await form.getByLabel(t.perUser, { exact: true }).fill("3");
    await inspect(visitor, `the form of a new product, ${locale}`);
    await form.getByRole("button", { name: t.create }).dblclick();
    await form.getByText(t.onSale).waitFor();
    await settled(page, "Tour shirt", ["10", "0", "0", "10", "3"]);

    const fan = await sale.fan({ balance: 50_000 });
    const buyer = await openVisitor(browser, url, { locale });
    await buyer.page.goto("/");
    const session = JSON.stringify({ ...fan, name: "Kim" });
    await buyer.page.evaluate(
      `localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`,
    );
    await buyer.page.goto(`/shop?concertId=${concertId}`);
    const more = buyer.page.getByRole("button", { name: "+1 Tour shirt" });
    await more.click();
    await more.click();
    await buyer.page.getByRole("button", { name: t.shopOrder }).click();
    await buyer.page.getByRole("timer").waitFor();
    await settled(page, "Tour shirt", ["10", "0", "2", "8", "3"]);
    await buyer.page.getByRole("button", { name: t.shopPay }).click();
    await buyer.page.getByText(t.shopPaid).first().waitFor();
    await buyer.close();
    assert.equal(await sale.balanceOf(fan), 26_000);

    const orders = page.getByRole("region", { name: t.orders, exact: true });
    const order = orders.getByRole("listitem").filter({ hasText: fan.userId });
    await order.getByText(t.paid, { exact: true }).waitFor();
    await settled(page, "Tour shirt", ["10", "2", "0", "8", "3"]);
    const top = page.getByRole("region", { name: t.top });
    await top.getByText(t.piecesPaid).waitFor();
    await inspect(visitor, `the goods of a sale with an order, ${locale}`);
    await order.getByRole("button", { name: t.refund }).click();
    const dialog = page.getByRole("dialog", { name: t.refundTitle });
    await dialog.getByLabel(t.reason).fill("Torn");
    await inspect(visitor, `the refund of an order, ${locale}`);
    await dialog.getByRole("button", { name: t.refundNow, exact: true }).dblclick();
    await dialog.waitFor({ state: "detached" });
    await order.getByText(t.refunded, { exact: true }).waitFor();
    assert.equal(await order.getByRole("button", { name: t.refund }).count(), 0);
    await settled(page, "Tour shirt", ["10", "0", "0", "10", "3"]);
    assert.equal(await sale.balanceOf(fan), 50_000);

    await page.goto(`/console/${concertId}`);
    const trail = page.getByRole("region", { name: t.audit });
    for (const action of t.actions) await trail.getByText(action, { exact: true }).waitFor();
    const entries = trail.locator(".audit > li");
    await entries.filter({ hasText: "Torn" }).getByText("₩24,000").waitFor();
    await entries.filter({ hasText: "Tour shirt" }).getByText("₩12,000").waitFor();
    await inspect(visitor, `the audit trail with goods, ${locale}`);
    await visitor.close();
    await sweep(deployment.sql);
  });

test("an operator changes a product; a stock below the pieces is refused at its field; other values keep a change by another", async () => {
  const { concertId } = await sale.onSale();
  const made = await shop.product({ concertId, name: "Poster", requiresTurn: true });
  const free = await shop.product({ concertId, name: "Badge" });
  await shop.ordered(await sale.fan(), [{ productId: free.productId, quantity: 4 }]);
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await page.getByRole("main").getByRole("link", { name: "Goods" }).click();
  await page
    .getByRole("row", { name: /^Poster/ })
    .getByText("Behind the queue")
    .waitFor();
  await page.getByRole("button", { name: "Poster change …" }).click();
  const dialog = page.getByRole("dialog", { name: "Change the product" });
  await dialog.getByLabel("Price (KRW)").fill("250");
  await inspect(visitor, "the change of a product");
  succeeded(await sale.admin("PATCH", `/products/${made.productId}`, { stock: 77 }), 200);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await settled(page, "Poster", ["77", "0", "0", "77", "4"]);
  assert.equal((await figuresOf(page, "Poster"))[0], "₩250");
  await page.getByRole("button", { name: "Badge change …" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Change something first.").waitFor();
  await dialog.getByLabel("Stock").fill("3");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("must be 4 or more: so many pieces are held or sold").waitFor();
  await dialog.getByLabel("Stock").fill("4");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await settled(page, "Badge", ["4", "0", "4", "0", "4"]);
  await visitor.close();
});

test("a product that was created without an answer is made once when the operator tries again", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await open(`/console/goods/${concertId}`);
  const { page } = visitor;
  const keys: (string | undefined)[] = [];
  let isLost = true;
  await page.route("**/admin/v1/products", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    if (!isLost) return route.continue();
    await route.fetch();
    return route.abort("connectionreset");
  });
  const form = page.getByRole("region", { name: "New product of this sale" });
  await form.getByLabel("Name", { exact: true }).fill("Once");
  await form.getByLabel("Price (KRW)").fill("100");
  await form.getByLabel("Stock").fill("5");
  await form.getByLabel("Limit a person").fill("1");
  await form.getByRole("button", { name: "Create the product" }).click();
  await form.getByText("The server did not say whether the product was created").waitFor();
  isLost = false;
  await form.getByRole("button", { name: "Create the product" }).click();
  await form.getByText("Once is on sale.").waitFor();
  assert.equal(new Set(keys).size, 1);
  type Page = { items: OperatorProduct[] };
  const path = `/products?concertId=${concertId}`;
  const { items } = succeeded<Page>(await sale.admin("GET", path), 200);
  assert.deepEqual(
    items.map((it) => it.name),
    ["Once"],
  );
  await visitor.close();
});

test("products of the house, the orders of one user, and all changes are on the page of all goods", async () => {
  const fan = await sale.fan({ balance: 1_000 });
  const visitor = await open("/console");
  const { page } = visitor;
  await page.getByRole("main").getByRole("link", { name: "Goods" }).click();
  const form = page.getByRole("region", { name: "New product of the house" });
  await form.getByLabel("Name", { exact: true }).fill("House mug");
  await form.getByLabel("Price (KRW)").fill("none");
  await form.getByRole("button", { name: "Create the product" }).click();
  await form.getByText("must be a whole number").waitFor();
  await form.getByLabel("Price (KRW)").fill("100");
  await form.getByRole("button", { name: "Create the product" }).click();
  await form.getByText("must be a whole number").first().waitFor();
  await form.getByLabel("Stock").fill("5");
  await form.getByLabel("Limit a person").fill("2");
  await form.getByRole("button", { name: "Create the product" }).click();
  await form.getByText("House mug is on sale.").waitFor();
  await page
    .getByRole("row", { name: /^House mug/ })
    .getByText("Of the house")
    .waitFor();
  const list = await sale.admin("GET", "/products?limit=100");
  const { items } = succeeded<{ items: OperatorProduct[] }>(list, 200);
  const mug = items.find((it) => it.name === "House mug") ?? assert.fail();
  const { orderId } = await shop.ordered(fan, [{ productId: mug.productId, quantity: 1 }]);
  await shop.ordered(await sale.fan(), [{ productId: mug.productId, quantity: 1 }]);
  succeeded(await shop.pay(fan, orderId), 201);
  const orders = page.getByRole("region", { name: "Orders", exact: true });
  const field = orders.getByLabel("Orders of one user (user id, may be empty)");
  await field.fill("Kim");
  await orders.getByRole("button", { name: "Show", exact: true }).click();
  await orders.getByText("This is not a user id").waitFor();
  await field.fill(fan.userId);
  await orders.getByRole("button", { name: "Show", exact: true }).click();
  await orders.getByText(orderId).waitFor();
  assert.equal(await orders.getByRole("listitem").count(), 1);
  const trail = page.getByRole("region", { name: "Audit trail" });
  await trail.getByText("Product created").first().waitFor();
  await inspect(visitor, "all goods");
  await orders.getByRole("link", { name: fan.userId }).click();
  const story = page.getByRole("region", { name: "Orders of goods" });
  await story.getByRole("button", { name: /^Refund this order …/ }).waitFor();
  await inspect(visitor, "a user with an order");
  await visitor.close();
});

test("a viewer changes nothing, and sales refunds nothing", async () => {
  const { concertId } = await sale.onSale();
  const made = await shop.product({ concertId, name: "Fan" });
  const fan = await sale.fan({ balance: 1_000 });
  const { orderId } = await shop.ordered(fan, [{ productId: made.productId, quantity: 1 }]);
  succeeded(await shop.pay(fan, orderId), 201);
  for (const [role, mayManage] of [
    ["viewer", 0],
    ["sales", 1],
  ] as const) {
    const visitor = await consoleOpener(browser, url, keyOf(role))(`/console/goods/${concertId}`);
    const { page } = visitor;
    const refusals: number[] = [];
    page.on("response", (answer) => {
      if (answer.status() === 403) refusals.push(answer.status());
    });
    await page.getByRole("region", { name: "Orders", exact: true }).getByText(orderId).waitFor();
    await page.getByRole("row", { name: /^Fan/ }).waitFor();
    await page.getByRole("region", { name: "Top sellers" }).getByText("1 paid").waitFor();
    const create = await page.getByRole("region", { name: "New product of this sale" }).count();
    const change = await page.getByRole("button", { name: "Fan change …" }).count();
    const refund = await page.getByRole("button", { name: /^Refund this order/ }).count();
    assert.deepEqual([create, change, refund], [mayManage, mayManage, 0], role);
    await page.goto(`/console/users/${fan.userId}`);
    await page.getByRole("region", { name: "Orders of goods" }).getByText(orderId).waitFor();
    assert.equal(await page.getByRole("button", { name: /^Refund this order/ }).count(), 0);
    assert.deepEqual(refusals, [], role);
    await visitor.close();
  }
});
