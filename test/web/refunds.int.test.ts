import assert from "node:assert/strict";
import { after, test } from "node:test";
import { faultsOf, inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { eventually } from "#test/support/concurrency.ts";
import { smallHall } from "#test/support/halls.ts";
import { sweep } from "#test/support/invariants.ts";
import { openSale, type Fan } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, ticketsOf } from "#test/support/tickets.ts";

// Refunds in the browser: by a fan, with the fee before the fan confirms, and by an operator.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const refunds = { until: 24, fees: [{ daysBefore: 365, percent: 10 }] };

const openMine = async (fan: Fan, locale = "en-US") => {
  const visitor = await openVisitor(browser, url, { locale });
  const { page } = visitor;
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  await page.goto("/me");
  return visitor;
};

const words = {
  "en-US": {
    open: "Refund tickets",
    seat: /^Stalls, row B, seat 2/,
    sum: "You get ₩450 back. The fee is ₩50.",
    refund: "Refund",
    keep: "Keep the tickets",
    yes: "Refund now",
    state: "Refunded to the buyer",
    done: "The tickets are refunded. You got ₩450 back on your balance.",
  },
  "ko-KR": {
    open: "티켓 환불",
    seat: /^Stalls B열 2번/,
    sum: "₩450을 돌려받아요. 수수료는 ₩50이에요.",
    refund: "환불하기",
    keep: "티켓 그대로 두기",
    yes: "지금 환불하기",
    state: "예매자에게 환불됨",
    done: "환불했어요. ₩450이 잔액으로 돌아왔어요.",
  },
} as const;

for (const locale of ["en-US", "ko-KR"] as const)
  test(`a fan sees the fee, confirms, and gets the money back, in ${locale}`, async () => {
    const onSale = await sale.onSale({ seatingPlan: smallHall, policy: { refunds } });
    const fan = await sale.fan({ balance: 10_000 });
    await buy(sale, fan, onSale, [12, 41]);
    const visitor = await openMine(fan, locale);
    const { page } = visitor;
    const t = words[locale];
    await page.getByRole("button", { name: t.open }).click();
    await page.getByRole("checkbox", { name: t.seat }).check();
    await page.getByText(t.sum).waitFor();
    await inspect(visitor, `a refund, ${locale}`);
    const refund = page.getByRole("button", { name: t.refund, exact: true });
    await refund.click();
    await inspect(visitor, `the question before a refund, ${locale}`);
    await page.getByRole("button", { name: t.keep }).click();
    assert.equal(await sale.balanceOf(fan), 10_000 - 800);
    await refund.click();
    await page.getByRole("button", { name: t.yes }).click();
    await page.getByText(t.done).waitFor();
    assert.equal(await sale.balanceOf(fan), 10_000 - 350);
    await page.getByRole("checkbox", { name: t.seat }).waitFor({ state: "detached" });
    assert.deepEqual(
      (await ticketsOf(sale, fan)).map(({ seatNumber, status }) => [seatNumber, status]),
      [
        [41, "VALID"],
        [12, "VOID"],
      ],
    );
    await page.getByText(t.state, { exact: true }).waitFor();
    await inspect(visitor, `after a refund, ${locale}`);
    assert.deepEqual(await faultsOf(page), []);
    await visitor.close();
  });

test("a concert without refunds says so, and a refund that is too late is told", async () => {
  const onSale = await sale.onSale({ seatingPlan: smallHall });
  const fan = await sale.fan({ balance: 10_000 });
  await buy(sale, fan, onSale, [12]);
  const late = await sale.onSale({ seatingPlan: smallHall, policy: { refunds } });
  await buy(sale, fan, late, [13]);
  const visitor = await openMine(fan);
  const { page } = visitor;
  await page.getByRole("button", { name: "Refund tickets" }).click();
  await page.getByText("This concert has no refunds.").waitFor();
  await page.getByRole("checkbox", { name: /seat 3/ }).check();
  const path = `/concerts/${late.concertId}/policy`;
  await sale.admin("PATCH", path, { refunds: { until: 8_760, fees: [] } });
  await eventually("the rules are in force", async () => {
    const read = await sale.call({ path: `/api/v1/concerts/${late.concertId}` });
    return read.text.includes('"until":8760') ? true : undefined;
  });
  await page.getByRole("button", { name: "Refund", exact: true }).click();
  await page.getByRole("button", { name: "Refund now" }).click();
  await page.getByText("It is too late for a refund.").first().waitFor();
  assert.equal(await sale.balanceOf(fan), 10_000 - 1_000);
  await visitor.close();
});

test("after these refunds the books are in order", async () => {
  await sweep(deployment.sql);
});
