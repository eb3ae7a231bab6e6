import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect, openBrowser, phone } from "#test/support/browser.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { smallHall } from "#test/support/halls.ts";
import { sweep } from "#test/support/invariants.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { refund, refundAsOperator } from "#test/support/refunds.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy } from "#test/support/tickets.ts";

// Refunds in the console: the ticket of a seat, a payment of a user, and the rules for refunds by buyers.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const open = consoleOpener(browser, deployment.instances[0]?.url ?? "", deployment.operatorKey);

const policyOf = async (concertId: string): Promise<Members> =>
  succeeded<{ policy: Members }>(await sale.admin("GET", `/concerts/${concertId}`), 200).policy;

test("the operator refunds the ticket of a seat in full, with a reason", async () => {
  const onSale = await sale.onSale({ seatingPlan: smallHall });
  const fan = await sale.fan({ balance: 1_000 });
  await buy(sale, fan, onSale, [12]);
  const visitor = await open(`/console/${onSale.concertId}`, { viewport: phone });
  const { page } = visitor;
  await page.getByRole("radio", { name: "List" }).check();
  await page.getByText(/^Stalls: 39 free/).click();
  await page.getByText(/^Row B: 9 free/).click();
  await page.getByRole("radio", { name: /^Stalls, row B, seat 2\b/ }).check();
  await page.getByRole("button", { name: "Refund this ticket …" }).click();
  const dialog = page.getByRole("dialog", { name: "Refund in full" });
  await dialog.getByText("Stalls, row B, seat 2").waitFor();
  await inspect(visitor, "the refund of a ticket");
  await dialog.getByLabel("Reason").fill("The seat is broken");
  await dialog.getByRole("button", { name: "Refund" }).dblclick();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await sale.balanceOf(fan), 1_000);
  const trail = page.getByRole("region", { name: "Audit trail" });
  await trail.getByText("Tickets refunded").waitFor();
  await visitor.close();
  await sweep(deployment.sql);
});

test("on the page of a user the operator refunds what is left of a payment, also when the first answer is lost", async () => {
  const policy = { refunds: { until: 24, fees: [{ daysBefore: 365, percent: 10 }] } };
  const onSale = await sale.onSale({ title: "Spring Night", seatingPlan: smallHall, policy });
  const fan = await sale.fan({ balance: 2_000 });
  const { paymentId, tickets } = await buy(sale, fan, onSale, [12, 13]);
  const own = { body: { ticketIds: [tickets[0]?.ticketId] } };
  succeeded(await refund(sale, fan, paymentId, own), 201);
  assert.equal(await sale.balanceOf(fan), 1_450);

  const visitor = await open(`/console/users/${fan.userId}`, { viewport: phone });
  const { page } = visitor;
  const region = (name: string) => page.getByRole("region", { name, exact: true });
  const payments = region("Payments");
  await payments.getByText("₩500 refunded, less ₩50 in fees").waitFor();
  await payments.getByRole("button", { name: "Refund this payment …" }).click();
  const dialog = page.getByRole("dialog", { name: "Refund in full" });
  await dialog.getByText("Stalls, row B, seat 3").waitFor();
  await inspect(visitor, "the refund of a payment");
  const yes = dialog.getByRole("button", { name: "Refund", exact: true });
  assert.equal(await yes.isDisabled(), true);
  await dialog.getByLabel("Reason").fill("Asked by phone");

  const keys: (string | undefined)[] = [];
  let isCut = true;
  await page.route("**/refunds", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (!isCut) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await yes.click();
  await dialog.getByRole("alert").waitFor();
  const lost = keys.length;
  isCut = false;
  await payments.getByText("₩1,000 refunded, less ₩50 in fees").waitFor();
  await dialog.locator("button[aria-disabled=false]", { hasText: "Refund" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(new Set(keys).size, 1);
  assert.ok(lost > 0 && keys.length > lost && keys[0] !== undefined);

  await payments.getByText("₩1,000 refunded, less ₩50 in fees").waitFor();
  await page.getByRole("button", { name: "Refund this payment …" }).waitFor({ state: "detached" });
  assert.equal(await region("Tickets").getByText("Void: refunded", { exact: true }).count(), 2);
  const entries = region("Changes of the balance");
  const kinds = (await entries.getByRole("listitem").allInnerTexts()).map(
    (text) => /^(.*?) -?₩/.exec(text)?.[1],
  );
  assert.deepEqual(kinds, ["Refund", "Refund fee", "Refund", "Payment", "Charge"]);
  assert.equal(await sale.balanceOf(fan), 1_950);
  await page.getByText("₩1,950").first().waitFor();
  await inspect(visitor, "a user after the refund of a payment");
  await page.getByRole("button", { name: "한국어" }).click();
  await region("결제").getByText("₩1,000 환불(수수료 ₩50 제외)").waitFor();
  const inKorean = region("잔액 변동").getByRole("listitem");
  for (const kind of ["환불 ", "환불 수수료 "])
    await inKorean
      .filter({ hasText: new RegExp(`^${kind}-?₩`) })
      .first()
      .waitFor();
  await page.getByRole("button", { name: "English" }).click();

  await page.goto(`/console/${onSale.concertId}`);
  const trail = region("Audit trail");
  await trail.getByText("Tickets refunded").waitFor();
  await trail.getByText("Asked by phone").waitFor();
  await visitor.close();
  await sweep(deployment.sql);
});

test("a payment that is refunded while its operator types the reason has nothing to refund, and says so", async () => {
  const onSale = await sale.onSale({ seatingPlan: smallHall });
  const fan = await sale.fan({ balance: 1_000 });
  const { paymentId } = await buy(sale, fan, onSale, [14]);
  const visitor = await open(`/console/users/${fan.userId}`);
  const { page } = visitor;
  await page.getByRole("button", { name: "Refund this payment …" }).click();
  const dialog = page.getByRole("dialog", { name: "Refund in full" });
  await dialog.getByLabel("Reason").fill("Twice by mistake");
  const operator = { ...onSale, token: deployment.operatorKey };
  succeeded(await refundAsOperator(sale, operator, { paymentIds: [paymentId] }), 201);
  await dialog.getByRole("button", { name: "Refund", exact: true }).click();
  await dialog.getByText("There is nothing to refund: it was refunded before.").waitFor();
  assert.equal(await sale.balanceOf(fan), 1_000);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  const payments = page.getByRole("region", { name: "Payments", exact: true });
  await payments.getByText("₩500 refunded", { exact: true }).waitFor();
  await visitor.close();
});

test("the operator sets the rules for refunds of a running sale, and a doubled fee is refused at its field", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  const rules = page.getByRole("group", { name: "Refunds by buyers" });
  await rules.getByLabel("Refunds by buyers").selectOption("yes");
  await rules.getByLabel("Refunds end before the show (hours)").fill("12");
  await rules.getByRole("button", { name: "Remove Fees 3" }).click();
  await inspect(visitor, "the rules for refunds");
  const apply = rules.getByRole("button", { name: "Apply to refunds" });
  await rules.getByLabel("Fee up to so many days before 2").fill("9");
  await apply.click();
  await rules.getByText("repeats the days of an earlier fee").waitFor();
  await rules.getByLabel("Fee up to so many days before 2").fill("3");
  await apply.click();
  await page.getByText(/^Applied/).waitFor();
  assert.deepEqual((await policyOf(concertId))["refunds"], {
    until: 12,
    fees: [
      { daysBefore: 9, percent: 10 },
      { daysBefore: 3, percent: 20 },
    ],
  });
  await page.getByText(/until 12 h before the show/).waitFor();
  await visitor.close();
});
