import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eventually } from "#test/support/concurrency.ts";
import { faultsOf, openBrowser } from "#test/support/browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The desk in the console: money that was paid outside, access for a user who has lost it, and the strict limits of
// a running sale.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const url = deployment.instances[0]?.url ?? "";
const sale = openSale(deployment);
const open = consoleOpener(browser, url, deployment.operatorKey);

const chargesOf = async (userId: string): Promise<number> =>
  (
    await deployment.sql(
      "select 1 from ledger_entry where user_id = $1 and type = 'CHARGE' and account = 'WALLET'",
      [userId],
    )
  ).length;

const userPage = ({ userId }: { userId: string }): string => `/console/users/${userId}`;

test("the desk adds to a balance, and says each refusal at its field", async () => {
  const fan = await sale.fan();
  const visitor = await open(userPage(fan));
  const { page } = visitor;
  const desk = page.getByRole("region", { name: "Desk" });
  await desk.getByLabel("Amount to add").fill("1.5");
  await desk.getByLabel("Reason").fill("Paid in cash");
  await desk.getByRole("button", { name: "Add to the balance" }).click();
  await desk.getByText("must be a whole number").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await desk.getByLabel("Amount to add").fill("1500");
  await desk.locator("button[aria-disabled=false]", { hasText: "Add to the balance" }).click();
  await desk.getByText(/1,500 added\. The balance is .*1,500/).waitFor();
  const entries = page.getByRole("region", { name: "Changes of the balance" });
  await entries.getByText(/Charge .*1,500/).waitFor();
  assert.equal(await chargesOf(fan.userId), 1);
  assert.deepEqual(visitor.otherHosts, []);
  await visitor.close();
});

test("a charge without an answer is sent again with its key, and counts once", async () => {
  const fan = await sale.fan();
  const visitor = await open(userPage(fan));
  const { page } = visitor;
  const desk = page.getByRole("region", { name: "Desk" });
  const keys: (string | undefined)[] = [];
  let isLost = true;
  await page.route("**/admin/v1/users/*/charges", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (!isLost) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await desk.getByLabel("Amount to add").fill("700");
  await desk.getByLabel("Reason").fill("Paid in cash");
  await desk.getByRole("button", { name: "Add to the balance" }).click();
  await desk.getByText("counts once").waitFor({ timeout: 60_000 });
  isLost = false;
  await desk.locator("button[aria-disabled=false]", { hasText: "Add to the balance" }).click();
  await desk.getByText(/700 added/).waitFor();
  assert.equal(new Set(keys).size, 1);
  assert.equal(await chargesOf(fan.userId), 1);
  await visitor.close();
});

test("the desk gives access again, in Korean too, and the code opens the account", async () => {
  const fan = await sale.fan();
  const visitor = await open(userPage(fan));
  const { page } = visitor;
  await page.getByRole("button", { name: "한국어" }).click();
  const desk = page.getByRole("region", { name: "창구" });
  await desk.getByRole("button", { name: "계정 다시 열기 …" }).click();
  await page.getByRole("button", { name: "새 코드 만들기" }).click();
  const code = await page.locator("output").innerText();
  assert.deepEqual(await faultsOf(page), []);
  const body = { recoveryCode: code };
  const answer = await deployment.client.call({
    method: "POST",
    path: "/api/v1/users/tokens",
    body,
  });
  assert.equal(answer.status, 201);
  await page.getByRole("button", { name: "완료" }).click();
  assert.equal(await page.getByText(code).count(), 0);
  await visitor.close();
});

test("the operator applies the strict limits to a running sale, removes them, and refuses single seats", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: dateIn(20) }] });
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  const controls = page.getByRole("region", { name: "Controls" });
  await controls.getByRole("button", { name: "Strict limits" }).click();
  await controls.getByText("The strict limits are in force").waitFor();
  const policy = async () => {
    const [row] = await deployment.sql<{ policy: Record<string, unknown> }>(
      "select policy from concert where concert_id = $1",
      [concertId],
    );
    return row?.policy;
  };
  const { holdsPerUser, holdCooldownSeconds, idleSeconds } = (await policy()) ?? {};
  assert.deepEqual([holdsPerUser, holdCooldownSeconds, idleSeconds], [10, 60, 180]);
  assert.deepEqual(await faultsOf(page), []);
  await eventually("the limits are off", async () => {
    await controls
      .getByRole("button", { name: "No such limits" })
      .click({ timeout: 1_000 })
      .catch(() => {});
    return (await policy())?.["holdsPerUser"] === 0 || undefined;
  });
  await controls.getByRole("button", { name: "Refuse single seats" }).click();
  await controls.getByText(/^A choice that leaves a single free seat is refused/).waitFor();
  assert.equal((await policy())?.["singleSeats"], "refused");
  assert.deepEqual(await faultsOf(page), []);
  await visitor.close();
});
