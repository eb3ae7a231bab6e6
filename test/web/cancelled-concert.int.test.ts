import assert from "node:assert/strict";
import { after, test } from "node:test";
import { faultsOf, inspect, openBrowser, openVisitor, phone } from "#test/support/browser.ts";
import { enter, signUpAt } from "#test/support/fan-at-browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openDoors, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy } from "#test/support/tickets.ts";

// A concert that an operator cancels in the console, as fans see it in every part of their page.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const url = deployment.instances[0]?.url ?? "";
const sale = openSale(deployment);
const openConsole = consoleOpener(browser, url, deployment.operatorKey);
const date = dateIn(20);

test(
  "an operator cancels a concert with a reason and its title, and sees the refunds; fans in line and inside read it, and their tickets are refunded",
  { timeout: 300_000 },
  async () => {
    const policy = { ...openDoors, maxActive: 1 };
    const concert = await sale.onSale({ title: "Winter Night", dates: [{ date }], policy });
    const { concertId } = concert;
    const buyer = await sale.fan({ balance: 10_000 });
    await buy(sale, buyer, concert, [1, 2]);

    const inside = await openVisitor(browser, url, { viewport: phone });
    await signUpAt(inside.page, concertId);
    await enter(inside.page);
    const waiting = await openVisitor(browser, url, { viewport: phone, locale: "ko-KR" });
    const place = await sale.placed(await sale.fan(), concertId);
    await waiting.page.goto("/");
    const session = JSON.stringify({ userId: place.userId, accessToken: place.accessToken });
    await waiting.page.evaluate(
      `localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`,
    );
    await waiting.page.goto(`/concerts/${concertId}`);

    const operator = await openConsole(`/console/${concertId}`);
    const { page } = operator;
    await page.getByRole("button", { name: "Cancel the concert …" }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Cancel for good" });
    await dialog.getByLabel("To confirm, type the title").fill("Winter Night");
    assert.equal(await confirm.isDisabled(), true, "a reason is needed");
    await dialog.getByLabel("Reason").fill("The singer is ill");
    await dialog.getByLabel("To confirm, type the title").fill("Winter");
    assert.equal(await confirm.isDisabled(), true, "the whole title is needed");
    await dialog.getByLabel("To confirm, type the title").fill("Winter Night");
    await inspect(operator, "the dialog that cancels a concert");
    await confirm.click();
    await page.getByText(/^The concert was cancelled:/).waitFor();
    await page.getByText(/^2 of 2 tickets refunded: .*2,000/).waitFor();
    await page.getByText(/^All refunds were done:/).waitFor();
    await inspect(operator, "a cancelled concert in the console");
    assert.equal(await page.getByRole("button", { name: "Cancel the concert …" }).count(), 0);
    await page.getByText("Concert cancelled", { exact: true }).first().waitFor();

    await inside.page.getByRole("heading", { name: "The concert is cancelled" }).waitFor();
    await inside.page.getByText("All tickets are refunded in full").waitFor();
    await inspect(inside, "a cancelled concert, for a fan who was inside");
    await waiting.page.getByRole("heading", { name: "공연이 취소됐어요" }).waitFor();
    await waiting.page.getByText("모든 티켓은 결제한 잔액으로 전액 환불되고").waitFor();
    await inspect(waiting, "a cancelled concert, in Korean");
    for (const { page: shown } of [inside, waiting])
      assert.equal(await shown.getByText("The singer is ill").count(), 0, "the reason is internal");
    await inside.page.goto("/");
    await inside.page.getByText("Cancelled", { exact: true }).waitFor();

    await page.goto(`/console/users/${buyer.userId}`);
    const voided = page.getByText("Void: concert cancelled, refunded", { exact: true });
    await voided.first().waitFor();
    assert.equal(await voided.count(), 2);

    const mine = await openVisitor(browser, url, { viewport: phone });
    await mine.page.goto("/");
    await mine.page.evaluate(
      `localStorage.setItem("frontrow.session", ${JSON.stringify(JSON.stringify(buyer))})`,
    );
    await mine.page.goto("/me");
    const chip = mine.page.getByText("Cancelled, refunded to the buyer");
    await chip.first().waitFor();
    assert.equal(await chip.count(), 2);
    await inspect(mine, "tickets of a cancelled concert");
    for (const visitor of [operator, inside, waiting, mine]) {
      assert.deepEqual(await faultsOf(visitor.page), []);
      await visitor.close();
    }
  },
);
