import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openBrowser } from "#test/support/browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy } from "#test/support/tickets.ts";

// The console shows what the role of the key may do, and nothing else.

const roles = ["admin", "sales", "door", "viewer"] as const;
const keyOf = (role: (typeof roles)[number]): string => `${role}-key-of-the-tests-0123456789abcdef`;

const deployment = await startDeployment({
  instances: 1,
  env: { OPERATOR_KEYS: roles.map((role) => `${role}-1:${role}:${keyOf(role)}`).join(",") },
});
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const browser = await openBrowser();
after(() => browser.close());
const url = deployment.instances[0]?.url ?? "";
const onSale = await sale.onSale({ dates: [{ date: dateIn(20) }] });
const { concertId } = onSale;
const buyer = await sale.fan({ balance: 10_000 });
await buy(sale, buyer, onSale, [31]);
await sale.reserved(await sale.admitted(buyer, concertId), {
  date: dateIn(20),
  seatNumbers: [30],
});

/** The parts of the list and of a sale that a role sees; no call is refused meanwhile. */
const seenBy = async (role: (typeof roles)[number]) => {
  const visitor = await consoleOpener(browser, url, keyOf(role))("/console");
  const { page } = visitor;
  const refusals: number[] = [];
  page.on("response", (answer) => {
    if (answer.status() === 403) refusals.push(answer.status());
  });
  await page.getByText(`${role}-1 ·`).waitFor();
  await page.getByRole("heading", { name: "Sales", exact: true }).waitFor();
  const counts = async (): Promise<Record<string, number>> => ({
    newSale: await page.getByRole("link", { name: "New sale" }).count(),
  });
  const list = await counts();
  await page.getByRole("region", { name: "Users" }).waitFor();
  await page.goto(`/console/users/${buyer.userId}`);
  await page.getByRole("region", { name: "Reservations" }).getByText("Held").waitFor();
  const desk = await page.getByRole("region", { name: "Desk" }).count();
  const release = await page.getByRole("button", { name: "Release this hold …" }).count();
  await page.getByRole("region", { name: "Payments" }).getByRole("listitem").waitFor();
  const refund = await page.getByRole("button", { name: "Refund this payment …" }).count();
  await page.goto(`/console/${concertId}`);
  await page.getByRole("region", { name: "Live figures" }).waitFor();
  await page.getByRole("table", { name: "Server and stores" }).waitFor();
  await page.getByRole("button", { name: /^7, .*Free$/ }).waitFor();
  const house = await page.getByRole("radio", { name: "Seats, to block or unblock" }).count();
  const downloads = await page.getByRole("region", { name: "Files" }).count();
  const controls = await page.getByRole("region", { name: "Controls" }).count();
  const correction = await page.getByRole("region", { name: "Correct the sale" }).count();
  assert.deepEqual([visitor.consoleErrors, visitor.otherHosts, refusals], [[], [], []]);
  await visitor.close();
  return { ...list, desk, release, refund, downloads, controls, correction, house };
};

test("an admin sees every part of the console", async () => {
  assert.deepEqual(await seenBy("admin"), {
    newSale: 1,
    desk: 1,
    release: 1,
    refund: 1,
    downloads: 1,
    controls: 1,
    correction: 1,
    house: 1,
  });
});

test("sales sees everything but the desk and refunds", async () => {
  assert.deepEqual(await seenBy("sales"), {
    newSale: 1,
    desk: 0,
    release: 1,
    refund: 0,
    downloads: 1,
    controls: 1,
    correction: 1,
    house: 1,
  });
});

test("a viewer reads, and sees nothing that changes a sale", async () => {
  assert.deepEqual(await seenBy("viewer"), {
    newSale: 0,
    desk: 0,
    release: 0,
    refund: 0,
    downloads: 0,
    controls: 0,
    correction: 0,
    house: 0,
  });
});

test("the key of the door opens no part of the console, and says so in both languages", async () => {
  const visitor = await consoleOpener(browser, url, keyOf("door"))("/console");
  const { page } = visitor;
  await page.getByText("The role of this key has nothing in the console.").waitFor();
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByText("이 키의 역할로 콘솔에서 할 수 있는 일이 없습니다.").waitFor();
  assert.equal(await page.getByRole("link", { name: "API" }).count(), 0);
  assert.deepEqual([visitor.consoleErrors, visitor.otherHosts], [[], []]);
  await visitor.close();
});
