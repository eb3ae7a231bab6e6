import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect, openBrowser, phone } from "#test/support/browser.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { smallHall } from "#test/support/halls.ts";
import { sweep } from "#test/support/invariants.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy } from "#test/support/tickets.ts";

// Refunds in the console: the ticket of a seat, and the rules for refunds by buyers.

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
