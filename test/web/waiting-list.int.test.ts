import assert from "node:assert/strict";
import { after, test } from "node:test";
import { faultsOf, inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { eventually } from "#test/support/concurrency.ts";
import { enter, seatOf, signUpAt } from "#test/support/fan-at-browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { saleWithList, usersOnList } from "#test/support/waiting-list.ts";

// The waiting list of a sold out sale on the pages of a fan and of an operator, in a real browser.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const open = consoleOpener(browser, url, deployment.operatorKey);

test("a fan joins the waiting list of a sold out sale, sees the position, and takes the seat that comes back", async () => {
  const list = await saleWithList(sale);
  const [first] = await usersOnList(sale, list, 1);
  assert.ok(first);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto(`/concerts/${list.concertId}`);
  await page.getByText("1 on the waiting list").first().waitFor();
  await page.getByRole("button", { name: "Join the waiting list" }).waitFor();
  await inspect(visitor, "a waiting list to join");
  await signUpAt(page, list.concertId);
  await page.getByRole("heading", { name: "Your place on the waiting list" }).waitFor();
  await page.getByText("1 person ahead of you").first().waitFor();
  await page.getByText("All seats are sold. When a seat comes back").first().waitFor();
  await inspect(visitor, "a place on the waiting list");
  await sale.leave(first);
  await page.getByText("No one is ahead of you").first().waitFor();

  await list.giveBack([7]);
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await page.getByText("A seat came back.").first().waitFor();
  await inspect(visitor, "a turn of the waiting list");
  await enter(page);
  await seatOf(page, 7).click();
  await page.getByRole("button", { name: "Hold these seats" }).click();
  await page.getByRole("heading", { name: "Pay" }).waitFor();
  await visitor.close();
});

test("the pages of a waiting list are in Korean, and fit a small phone", async () => {
  const list = await saleWithList(sale);
  await usersOnList(sale, list, 2);
  const visitor = await openVisitor(browser, url, { locale: "ko-KR" });
  const { page } = visitor;
  await page.goto(`/concerts/${list.concertId}`);
  await page.getByText("예매 대기 2명").waitFor();
  await page.getByLabel("이름").fill("김하늘");
  await page.getByRole("button", { name: /예매 대기 신청/ }).click();
  await page.getByRole("heading", { name: "예매 대기 순서" }).waitFor();
  await inspect(visitor, "a place on the waiting list, in Korean");
  await visitor.close();
});

test("the operator makes a sale with a waiting list, reads how many wait, and turns it off", async () => {
  const visitor = await open("/console/new");
  const { page } = visitor;
  const title = `List ${Date.now()}`;
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("At SOLD OUT the queue goes on as a waiting list").check();
  await page.getByRole("button", { name: "Create the sale" }).click();
  await page.getByRole("heading", { name: title }).waitFor();
  const made = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const policyOf = async (concertId: string) =>
    (await sale.admin("GET", `/concerts/${concertId}`)).body as {
      policy: { waitingList: boolean };
    };
  assert.equal((await policyOf(made)).policy.waitingList, true);

  const list = await saleWithList(sale);
  await usersOnList(sale, list, 2);
  await page.goto(`/console/${list.concertId}`);
  const figure = page.locator(".figures > div").filter({ hasText: "Waiting list" });
  await figure.getByText("2", { exact: true }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  const controls = page.getByRole("region", { name: "Controls" });
  await controls.getByRole("button", { name: "Turn the waiting list off" }).click();
  await controls.getByText("At SOLD OUT the queue ends").waitFor();
  await eventually("the policy has changed", async () =>
    (await policyOf(list.concertId)).policy.waitingList ? undefined : true,
  );
  await visitor.close();
});
