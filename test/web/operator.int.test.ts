import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { faultsOf, openBrowser, phone } from "#test/support/browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually } from "#test/support/concurrency.ts";
import { suspend, resume } from "#test/support/processes.ts";

// Texts of the console in both languages, also while the server refuses fans. That a full server answers operators
// is tested in src/platform/http/limits.test.ts.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const open = consoleOpener(browser, url, deployment.operatorKey);

const region = (page: Page, name: string) => page.getByRole("region", { name });

test("sales by date and grade show the whole sale, and a date shows the holders of its seats", async () => {
  const [early, late] = [dateIn(10), dateIn(20)];
  const { concertId } = await sale.onSale({
    dates: [{ date: early }, { date: late }],
    grades: [
      { name: "R", price: 2_000, seats: [1, 10] },
      { name: "S", price: 1_000, seats: [11, 50] },
    ],
  });
  const buyer = await sale.admitted(await sale.fan({ balance: 10_000 }), concertId);
  const bought = await sale.reserved(buyer, { date: late, seatNumbers: [10, 11, 12] });
  await sale.pay(buyer, bought.reservationId);
  const holder = await sale.admitted(await sale.fan(), concertId);
  await sale.reserved(holder, { date: early, seatNumbers: [1] });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  const rows = page.getByRole("table", { name: "Sold by date and grade" }).getByRole("row");
  const texts = async (): Promise<string[]> =>
    (await rows.allTextContents()).map((text) => text.replaceAll(/\s+/g, " ").trim());
  await rows.nth(3).waitFor();
  const [head, all, first, second] = await texts();
  assert.equal(head, "DateRSTotalRevenue");
  assert.match(all ?? "", /All dates1 \/ 20\+1 held2 \/ 803 \/ 100\+1 held₩4,000/);
  assert.match(first ?? "", /0 \/ 10\+1 held0 \/ 400 \/ 50\+1 held₩0/);
  assert.match(second ?? "", /1 \/ 102 \/ 403 \/ 50₩4,000/);
  await rows.nth(3).getByRole("button").click();
  await page.getByRole("button", { name: /^12, S, Sold$/ }).click();
  await page.getByRole("definition").getByText(buyer.userId).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

/** Selects a held seat in Korean and types a reason: all but the last button of a release. */
const askToRelease = async (page: Page, seatNumber: number) => {
  await page.getByRole("button", { name: new RegExp(`^${seatNumber}, .*선점됨$`) }).click();
  await page.getByRole("button", { name: "선점 해제…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/사유/).fill("전화 요청");
  return dialog;
};

test("a hold that ends before its release is reported as ended, and no other hold is released", async () => {
  const { concertId, dates } = await sale.onSale({});
  const [date = ""] = dates;
  const fan = await sale.fan();
  const held = await sale.reserved(await sale.admitted(fan, concertId), { date, seatNumbers: [3] });
  const visitor = await open(`/console/${concertId}`, { viewport: phone, locale: "ko-KR" });
  const { page } = visitor;
  const dialog = await askToRelease(page, 3);
  await sale.cancel(fan, held.reservationId);
  const second = await sale.admitted(await sale.fan(), concertId);
  await sale.reserved(second, { date, seatNumbers: [3] });
  await dialog.getByText("이미 끝난 선점입니다").waitFor();
  assert.equal(await dialog.getByRole("button", { name: "해제", exact: true }).isDisabled(), true);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("the console says in Korean why a hold is not released, and that a store is away", async () => {
  const { concertId, dates } = await sale.onSale({});
  const holder = await sale.admitted(await sale.fan(), concertId);
  await sale.reserved(holder, { date: dates[0] ?? "", seatNumbers: [3] });
  const visitor = await open(`/console/${concertId}`, { viewport: phone, locale: "ko-KR" });
  const { page } = visitor;
  const dialog = await askToRelease(page, 3);
  for (const [code, text] of [
    ["UNAVAILABLE", "저장소에 연결할 수 없어"],
    ["UNHEARD_OF", "서버가 요청을 받아들이지 않았습니다 (UNHEARD_OF)."],
  ] as const) {
    await page.route("**/release", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({ code, title: "Not possible at this moment" }),
      }),
    );
    await dialog.getByRole("button", { name: "해제", exact: true }).click();
    await dialog.getByText(text).waitFor();
  }
  suspend(deployment.redis.pid);
  try {
    await page.getByText("Redis: 연결 안 됨").waitFor();
  } finally {
    resume(deployment.redis.pid);
  }
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("panels that cannot be read say so, and the others are shown", async () => {
  const { concertId } = await sale.onSale({});
  const visitor = await open("/console");
  const { page } = visitor;
  const broken = /\/admin\/v1\/(audit|concerts\/[-\w]+\/stats\/history)/;
  await page.route(broken, (route) =>
    route.fulfill({ status: 500, json: { code: "INTERNAL", title: "The server failed" } }),
  );
  await page.goto(`/console/${concertId}`);
  for (const name of ["Audit trail", "Over time"])
    await region(page, name)
      .getByText(/^The server did not answer/)
      .waitFor();
  await page.locator(".seat-grid").waitFor();
  await page.unroute(broken);
  await region(page, "Audit trail").getByText("Sale created").waitFor();
  await visitor.close();
});

test("an address without a sale is reported as such, and not as a server that is away", async () => {
  for (const path of [`/console/${crypto.randomUUID()}`, "/console/nothing"]) {
    const visitor = await open(path);
    const { page } = visitor;
    await page.getByText("There is no such sale.").waitFor();
    assert.deepEqual(await faultsOf(page), []);
    await page.getByRole("link", { name: "All sales" }).click();
    await page.getByRole("heading", { name: "Sales" }).waitFor();
    assert.deepEqual(visitor.consoleErrors, []);
    await visitor.close();
  }
});

test("the history of a place and the server's refusals are shown in Korean", async () => {
  const { concertId } = await sale.onSale({});
  const placed = await sale.admitted(await sale.fan(), concertId);
  const visitor = await open(`/console/${concertId}`, { viewport: phone, locale: "ko-KR" });
  const { page } = visitor;
  await page.getByLabel("사용자 ID").fill("nobody");
  await page.getByRole("button", { name: "조회" }).click();
  await page.getByText("사용자 ID 형식이 아닙니다").waitFor();
  await page.getByRole("button", { name: "English" }).click();
  await page.getByText("This is not a user id").waitFor();
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByLabel("사용자 ID").fill(placed.userId);
  await page.getByRole("button", { name: "조회" }).click();
  await page.getByText(/지금 구매할 수 있습니다/).waitFor();
  await page.getByText(/1번째로 줄을 섰습니다/).waitFor();
  await page.getByText("판매 생성").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  const cap = page.getByLabel("동시 구매 인원 상한");
  await cap.fill("0");
  await page.getByText("1 이상이어야 합니다").first().waitFor();
  assert.equal(await cap.getAttribute("aria-invalid"), "true");
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("a new lottery gets a lobby that ends by itself, and its settings are in the audit trail", async () => {
  const visitor = await open("/console/new");
  const { page } = visitor;
  await page.getByLabel("Title").fill("Drawn Night");
  await page.getByLabel("Order").selectOption("lottery");
  assert.notEqual(await page.getByLabel("Draw, when the lobby closes").inputValue(), "");
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByRole("heading", { name: "Drawn Night" }).waitFor();
  await page.getByText("Lobby", { exact: true }).first().waitFor();
  await region(page, "Audit trail").getByText("Lottery").waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("settings cannot be applied before one is changed, and the page says why", async () => {
  const { concertId } = await sale.onSale({ policy: { admissionsPerMinute: 100 } });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  const apply = page.getByRole("button", { name: "Apply", exact: true });
  await page.getByText("Change a setting first.").waitFor();
  assert.equal(await apply.getAttribute("aria-disabled"), "true");
  await apply.click({ force: true });
  await page.getByLabel("Admissions per minute").fill("120");
  await apply.click();
  await page.getByText("Applied. It takes effect within a second.").waitFor();
  await region(page, "Audit trail").getByText("Settings changed").waitFor();
  const audit = await sale.admin("GET", `/audit?concertId=${concertId}`);
  const { items } = audit.body as unknown as { items: { action: string; before: unknown }[] };
  assert.deepEqual(
    items.map(({ action, before }) => [action, before]),
    [
      ["policy.changed", { admissionsPerMinute: 100 }],
      ["concert.created", null],
    ],
  );
  await visitor.close();
});

test("the number of buyers admitted for each free seat can be changed after a preview", async () => {
  const { concertId } = await sale.onSale({ policy: { shoppersPerSeat: 2 } });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  const shoppers = page.getByLabel("Buyers per free seat");
  await shoppers.fill("1001");
  await page.getByText("must be 1000 or less").first().waitFor();
  await shoppers.fill("5");
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await page.getByText("Applied. It takes effect within a second.").waitFor();
  await region(page, "Audit trail").getByText("Settings changed").waitFor();
  const { body } = await sale.admin("GET", `/audit?concertId=${concertId}`);
  const { items } = body as { items: { before: unknown; after: unknown }[] };
  const [changed] = items;
  assert.deepEqual(changed?.before, { shoppersPerSeat: 2 });
  assert.deepEqual(changed?.after, { shoppersPerSeat: 5 });
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("the operator can pause admission while Redis is frozen and fans are refused", async () => {
  const { concertId } = await sale.onSale({});
  const fan = await sale.fan();
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await page.getByRole("button", { name: "Pause admission" }).waitFor();
  suspend(deployment.redis.pid);
  try {
    assert.equal((await sale.join(fan, concertId)).status, 503);
    await page.getByRole("button", { name: "Pause admission" }).click();
    await page.getByText("Admission is paused. Duration:").waitFor();
    await region(page, "Live figures").getByText("unknown").first().waitFor();
    await page.getByText("The forecast cannot be computed now").waitFor();
    assert.deepEqual(await faultsOf(page), []);
  } finally {
    resume(deployment.redis.pid);
  }
  const row = page
    .getByRole("row", { name: /^Failed responses/ })
    .locator("td")
    .last();
  await eventually("failed answers are counted", async () =>
    Number(await row.textContent()) > 0 ? true : undefined,
  );
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});
