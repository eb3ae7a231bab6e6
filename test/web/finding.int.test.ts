import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { desk, faultsOf, openBrowser, phone } from "#test/support/browser.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale, type Fan } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy } from "#test/support/tickets.ts";

// The console finds sales and users, shows everything about a user, and downloads the books of a concert.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const open = consoleOpener(browser, url, deployment.operatorKey);

const onSale = await sale.onSale({ title: "Winter Night", dates: [{ date: dateIn(20) }] });
const spring = await sale.onSale({ title: "봄밤", dates: [{ date: dateIn(21) }] });
const over = await sale.onSale({ title: "Closed Night", dates: [{ date: dateIn(22) }] });
succeeded(await sale.admin("POST", `/concerts/${over.concertId}/queue/close`), 200);
succeeded(await sale.admin("POST", `/concerts/${spring.concertId}/queue/pause`), 200);

const named = async (name: string): Promise<Fan> => {
  const body = { name };
  const made = await sale.call({ method: "POST", path: "/api/v1/users", body });
  const fan = succeeded<Fan & Members>(made, 201);
  succeeded(await sale.charge(fan, 50_000), 201);
  return fan;
};
const fan = await named("김하늘");
await named("=김 수식");
await buy(sale, fan, onSale, [11, 12]);
const again = await sale.admitted(fan, onSale.concertId);
await sale.reserved(again, { date: onSale.dates[0] ?? "", seatNumbers: [21] });

for (const [name, viewport] of Object.entries({ phone, desk }))
  test(`on a ${name} sales are found by text and state, and closed ones are apart`, async () => {
    const visitor = await open("/console", { viewport });
    const { page } = visitor;
    const titles = () => page.locator("main li.sale h2").allInnerTexts();
    await page.getByRole("link", { name: "Winter Night" }).waitFor();
    assert.deepEqual(await titles(), ["봄밤", "Winter Night"]);
    assert.deepEqual(await faultsOf(page), []);
    await page.getByLabel("Title, venue or id").fill("NIGHT");
    await page.getByRole("search").getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: "봄밤" }).waitFor({ state: "detached" });
    assert.deepEqual(await titles(), ["Winter Night"]);
    await page.getByRole("radio", { name: /^Archive/ }).check();
    await page.getByRole("link", { name: "Closed Night" }).waitFor();
    assert.deepEqual(await titles(), ["Closed Night"]);
    await page.getByRole("radio", { name: "Current" }).check();
    await page.getByLabel("Title, venue or id").fill("");
    await page.getByRole("search").getByRole("button", { name: "Search" }).click();
    await page.getByRole("combobox", { name: "State" }).selectOption({ label: "Paused" });
    await page.getByRole("link", { name: "Winter Night" }).waitFor({ state: "detached" });
    assert.deepEqual(await titles(), ["봄밤"]);
    await page.getByRole("combobox", { name: "State" }).selectOption({ label: "Lobby" });
    await page.getByText("No sale fits the search.").waitFor();
    assert.deepEqual(await faultsOf(page), []);
    assert.deepEqual([visitor.consoleErrors, visitor.otherHosts], [[], []]);
    await visitor.close();
  });

for (const [name, viewport] of Object.entries({ phone, desk }))
  test(`on a ${name} a user is found by name, and one page tells everything and releases a hold`, async () => {
    const visitor = await open("/console", { viewport });
    const { page } = visitor;
    await page.getByRole("button", { name: "한국어" }).click();
    const users = page.getByRole("region", { name: "사용자" });
    await users.getByLabel("이름 또는 사용자 ID").fill("없는 이름");
    await users.getByRole("button", { name: "검색" }).click();
    await users.getByText("검색에 맞는 사용자가 없습니다.").waitFor();
    await users.getByLabel("이름 또는 사용자 ID").fill("김하");
    await users.locator("button[aria-disabled=false]", { hasText: "검색" }).click();
    await users.getByRole("link", { name: "김하늘" }).waitFor();
    assert.deepEqual(await faultsOf(page), []);
    await users.getByRole("link", { name: "김하늘" }).click();
    await page.getByRole("heading", { name: "김하늘" }).waitFor();
    await page.getByRole("button", { name: "English" }).click();
    const region = (title: string) => page.getByRole("region", { name: title, exact: true });
    await region("Tickets").getByText("Valid").first().waitFor();
    await region("Payments").getByText("Winter Night").waitFor();
    await region("Places in queues").getByText("Paid: the tickets are bought").first().waitFor();
    await region("Changes of the balance").getByText("Charge").waitFor();
    await region("Desk").getByLabel("Amount to add").waitFor();
    const reservations = region("Reservations");
    if (viewport === phone) {
      assert.deepEqual(await faultsOf(page), []);
    } else {
      await reservations.getByRole("button", { name: "Release this hold …" }).click();
      await page.getByLabel("Reason (kept in the audit trail)").last().fill("Asked by phone");
      assert.deepEqual(await faultsOf(page), []);
      await page.getByRole("button", { name: "Release", exact: true }).click();
      await reservations.getByText("Released").waitFor();
      assert.deepEqual(await faultsOf(page), []);
    }
    await page.reload();
    await page.getByRole("heading", { name: "김하늘" }).waitFor();
    await page.goto("/console/users/0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17");
    await page.getByRole("heading", { name: "There is no such user." }).waitFor();
    assert.deepEqual([visitor.consoleErrors, visitor.otherHosts], [[], []]);
    await visitor.close();
  });

test("a sale has its books as files, and a file that breaks off is not saved", async () => {
  const visitor = await open(`/console/${onSale.concertId}`);
  const { page } = visitor;
  const files = page.getByRole("region", { name: "Files" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    files.getByRole("button", { name: "Tickets" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `tickets-${onSale.concertId}.csv`);
  const text = readFileSync(await download.path(), "utf8");
  assert.ok(text.startsWith("\uFEFFticketId,status,"));
  assert.equal(text.split("\r\n").length, 4);
  assert.ok(text.includes("김하늘"));
  await files.getByText("Downloaded: Tickets.").waitFor();
  await page.getByRole("region", { name: "Audit trail" }).getByText("File downloaded").waitFor();
  assert.deepEqual(await faultsOf(page), []);

  let saved = 0;
  page.on("download", () => (saved += 1));
  const problem = { type: "x", title: "x", status: 503, detail: "Busy", code: "UNAVAILABLE" };
  await page.route("**/exports/ledger", (route) =>
    route.fulfill({ status: 503, json: problem, contentType: "application/problem+json" }),
  );
  await files.locator("button[aria-disabled=false]", { hasText: "Ledger" }).click();
  await files.locator("p.note.bad").waitFor();
  assert.equal(saved, 0);
  assert.deepEqual(await faultsOf(page), []);
  await visitor.close();
});
