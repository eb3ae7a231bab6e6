import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect, openBrowser } from "#test/support/browser.ts";
import { succeeded } from "#test/support/client.ts";
import { openGate, openScanner, type Scanner } from "#test/support/door-at-browser.ts";
import { startFaultProxy } from "#test/support/fault-proxy.ts";
import { smallHall } from "#test/support/halls.ts";
import { dateIn, openSale, type OnSale } from "#test/support/sale.ts";
import { showToCamera } from "#test/support/scanner.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, ticketsOf } from "#test/support/tickets.ts";

// Scanners without a network, and what they learn when it is back.

const doorKey = "door-key-of-the-tests-0123456789abcdef";
const deployment = await startDeployment({
  instances: 1,
  env: { OPERATOR_KEYS: `door-1:door:${doorKey}` },
});
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
/** The network of the scanners that lose it. */
const network = await startFaultProxy(url);
after(() => network[Symbol.asyncDispose]());

const soldTo = async (seatNumbers: readonly number[]) => {
  const onSale = await sale.onSale({ dates: [{ date: dateIn(20) }], seatingPlan: smallHall });
  const fan = await sale.fan({ balance: 10_000 });
  await buy(sale, fan, onSale, seatNumbers);
  const tickets = await ticketsOf(sale, fan);
  return { onSale, fan, codes: tickets.toReversed().map(({ code }) => code ?? "") };
};

/** Takes the network from a scanner: its browser says so, and no byte of it reaches the server. */
const goOffline = async ({ context }: Pick<Scanner, "context">): Promise<void> => {
  network.cut();
  await context.setOffline(true);
};

const goOnline = async ({ context }: Pick<Scanner, "context">): Promise<void> => {
  network.heal();
  await context.setOffline(false);
};

const openAt = async (onSale: OnSale, gate: string, address = network.url): Promise<Scanner> => {
  network.heal();
  const scanner = await openScanner(browser, address, doorKey);
  await openGate(scanner, onSale.concertId, gate);
  await scanner.page.getByRole("button", { name: "Start the camera" }).click();
  return scanner;
};

const show = async ({ page, answer }: Scanner, code: string, word: string): Promise<void> => {
  await showToCamera(page, code);
  await answer.getByText(word, { exact: true }).waitFor();
  await showToCamera(page, null);
};

/** Shows a code until the page says the text, and takes it away: a code that is seen again seconds later is a scan more. */
const showUntil = async (page: Scanner["page"], code: string, text: string): Promise<void> => {
  await showToCamera(page, code);
  await page.getByText(text, { exact: true }).waitFor();
  await showToCamera(page, null);
};

/** Until the service worker has kept the page and its files. */
const isKept = ({ page }: Scanner): Promise<unknown> =>
  page.evaluate("navigator.serviceWorker.ready.then(() => true)");

test("a scanner admits without a network, keeps its scans through a reload, and sends them later", async () => {
  const { onSale, fan, codes } = await soldTo([12, 13, 41]);
  const [first = "", second = ""] = codes;
  const scanner = await openAt(onSale, "North");
  const { page, answer, context } = scanner;
  await isKept(scanner);
  await goOffline(scanner);
  await page.getByText("Offline", { exact: true }).waitFor();
  await show(scanner, first, "Admitted");
  await answer.getByText("Checked without the server").waitFor();
  await page.getByText("1 unsent").waitFor();
  await inspect(scanner, "a door without a network");
  await showUntil(page, second, "2 unsent");
  await show(scanner, first, "Already used");
  await answer.getByText(/door North\.$/).waitFor();
  await page.getByText("2 of 3 admitted").waitFor();

  const [worker] = context.serviceWorkers();
  const asked = await worker?.evaluate("fetch('/healthz').then(() => 'answered', () => 'failed')");
  assert.equal(asked, "failed", "the worker has a network");
  await page.reload();
  await page.getByText("2 unsent").waitFor();
  await page.getByText("2 of 3 admitted").waitFor();
  await page.getByLabel("Search by name or seat").fill("balcony");
  await page.getByRole("button", { name: /^Admit Balcony/ }).click();
  await answer.getByText("Admitted", { exact: true }).waitFor();
  await page.getByText("3 unsent").waitFor();
  const before = await ticketsOf(sale, fan);
  assert.deepEqual(new Set(before.map(({ status }) => status)), new Set(["VALID"]));

  await goOnline(scanner);
  await page.getByText("0 unsent").waitFor();
  await page.getByText("Online", { exact: true }).waitFor();
  const afterwards = await ticketsOf(sale, fan);
  assert.deepEqual(new Set(afterwards.map(({ status }) => status)), new Set(["USED"]));
  assert.equal(await page.getByText("The server disagrees").count(), 0);
  await scanner.close();
});

test("two scanners admit a ticket, one without a network: it is told when they meet", async () => {
  const { onSale, codes } = await soldTo([12]);
  const [code = ""] = codes;
  const away = await openAt(onSale, "North");
  const online = await openAt(onSale, "South", url);
  await goOffline(away);
  await away.page.getByText("Offline", { exact: true }).waitFor();
  await show(online, code, "Admitted");
  await show(away, code, "Admitted");
  await away.page.getByText("1 unsent").waitFor();

  await goOnline(away);
  const conflicts = away.page.getByRole("region", { name: "The server disagrees" });
  await conflicts.getByText("Stalls, row B, seat 2").waitFor();
  await conflicts.getByText(/^Here at \d\d:\d\d: Admitted$/).waitFor();
  await conflicts
    .getByText(/^The server: Already used – Admitted at \d\d:\d\d, door South\.$/)
    .waitFor();
  await inspect(away, "a conflict of two doors");
  await away.page.reload();
  await conflicts.getByRole("button", { name: "Seen" }).click();
  await conflicts.waitFor({ state: "detached" });
  await away.page.getByText("0 unsent").waitFor();
  await away.close();
  await online.close();
});

test("scans of a concert that was cancelled since hold up no scan of another, and each scan has its answer", async () => {
  const cancelled = await soldTo([12, 13]);
  const other = await soldTo([12, 13, 41]);
  const scanner = await openScanner(browser, url, doorKey);
  const { page, answer } = scanner;
  await openGate(scanner, cancelled.onSale.concertId, "North");
  await page.getByRole("button", { name: "Start the camera" }).click();
  const path = "**/admin/v1/check-ins";
  let sent = 0;
  // The server records the first scan, and its answer is lost; later scans do not reach it.
  await page.route(path, async (route) => {
    sent += 1;
    if (sent === 1) await route.fetch();
    await route.abort();
  });
  await show(scanner, cancelled.codes[0] ?? "", "Admitted");
  await page.getByText("1 unsent").waitFor();
  await showUntil(page, cancelled.codes[1] ?? "", "2 unsent");
  await page.getByRole("button", { name: "Another show" }).click();
  await openGate(scanner, other.onSale.concertId, "North");
  await page.getByRole("button", { name: "Start the camera" }).click();
  for (const [index, code] of other.codes.entries()) {
    await showUntil(page, code, `${index + 3} unsent`);
  }
  const { concertId } = cancelled.onSale;
  const body = { reason: "The singer is ill" };
  succeeded(await sale.admin("POST", `/concerts/${concertId}/cancel`, body), 200);

  await page.unroute(path);
  await page.getByText("0 unsent").waitFor();
  const conflicts = page.getByRole("region", { name: "The server disagrees" });
  await conflicts.getByText(/^The server: Concert cancelled – No ticket of this concert/).waitFor();
  assert.equal(await conflicts.getByRole("listitem").count(), 1);
  await inspect(scanner, "a scan of a cancelled concert");
  const statuses = (await ticketsOf(sale, other.fan)).map(({ status }) => status);
  assert.deepEqual(statuses, ["USED", "USED", "USED"]);
  const recorded = async (id: string) =>
    deployment.sql("select result from check_in where concert_id = $1", [id]);
  assert.deepEqual(await recorded(concertId), [{ result: "ADMITTED" }]);
  assert.equal((await recorded(other.onSale.concertId)).length, 3);

  await page.getByRole("button", { name: "Another show" }).click();
  await openGate(scanner, concertId, "North");
  await page.getByRole("button", { name: "Start the camera" }).click();
  await show(scanner, cancelled.codes[1] ?? "", "Concert cancelled");
  await answer.getByText("All of them are refunded.").waitFor();
  await scanner.close();
});

test("a browser that is closed without a network opens the door again with the key that it knows", async () => {
  const { onSale, codes } = await soldTo([12]);
  const scanner = await openAt(onSale, "North");
  await isKept(scanner);
  await goOffline(scanner);
  await scanner.page.close();
  const page = await scanner.context.newPage();
  await page.goto("/door");
  const enter = async (key: string): Promise<void> => {
    await page.getByLabel("Operator key").fill(key);
    await page.getByRole("button", { name: "Open the door page" }).click();
  };
  await enter("another-key-0123456789abcdefghijkl");
  await page.getByText(/^The key could not be checked/).waitFor();
  await enter(doorKey);
  await page.getByRole("button", { name: "Start the camera" }).click();
  await showToCamera(page, codes[0] ?? "");
  await page.locator(".answer").getByText("Admitted", { exact: true }).waitFor();
  await scanner.close();
});

test("a forgotten key takes the list with it, and leaves the scans that are not sent", async () => {
  const { onSale, codes } = await soldTo([12]);
  const scanner = await openAt(onSale, "North");
  const { page } = scanner;
  await isKept(scanner);
  await goOffline(scanner);
  await show(scanner, codes[0] ?? "", "Admitted");
  await page.getByRole("button", { name: "Forget the key" }).click();
  await page.getByLabel("Operator key").waitFor();
  const stored = await page.evaluate(`new Promise((resolve) => {
    indexedDB.open("frontrow-door").onsuccess = ({ target: { result } }) => {
      const transaction = result.transaction(["values", "scans"]);
      const values = transaction.objectStore("values").count();
      const scans = transaction.objectStore("scans").count();
      transaction.oncomplete = () => resolve([values.result, scans.result]);
    };
  })`);
  assert.deepEqual(stored, [0, 1]);
  await goOnline(scanner);
  await page.getByLabel("Operator key").fill(doorKey);
  await page.getByRole("button", { name: "Open the door page" }).click();
  await openGate(scanner, onSale.concertId, "North");
  await page.getByText("0 unsent").waitFor();
  await page.getByText("1 of 1 admitted").waitFor();
  await scanner.close();
});
