import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { succeeded, type Members } from "#test/support/client.ts";
import { eventually } from "#test/support/concurrency.ts";
import { inspect, openBrowser, phone } from "#test/support/browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The dates of a sale in the console: a new one, and a start that moves.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const open = consoleOpener(browser, deployment.instances[0]?.url ?? "", deployment.operatorKey);

const [first, added] = [dateIn(20), dateIn(25)];
const dates = [{ date: first, startsAt: `${first}T10:00:00.000Z` }];
const seoul = { timeZone: "Asia/Seoul", dates };

const form = (page: Page) => page.getByRole("region", { name: "Dates" });
const submit = (page: Page, name: string) => form(page).getByRole("button", { name });

/** The sale as operators read it. */
const read = async (concertId: string): Promise<Members> =>
  succeeded<Members>(await sale.admin("GET", `/concerts/${concertId}`), 200);

const datesAre = (concertId: string, expected: readonly Members[]) =>
  eventually("the sale has these dates", async () =>
    JSON.stringify((await read(concertId))["dates"]) === JSON.stringify(expected)
      ? true
      : undefined,
  );

test("an operator adds a date in the zone of the sale, by a double click once, and sees the own time beside it", async () => {
  const { concertId } = await sale.onSale(seoul);
  const visitor = await open(`/console/${concertId}`, {
    viewport: phone,
    timezoneId: "America/New_York",
  });
  const { page } = visitor;
  const button = submit(page, "Add a date");
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  await form(page).getByText("In the time zone of the sale, Asia/Seoul").waitFor();
  await form(page).getByLabel("Starts at").fill(`${added}T18:30`);
  await form(page).getByText("your time").waitFor();
  await inspect(visitor, "a new date");
  await button.dblclick();
  await form(page).getByText("Saved.").waitFor();
  await datesAre(concertId, [...dates, { date: added, startsAt: `${added}T09:30:00.000Z` }]);
  assert.equal((await read(concertId))["version"], 2);
  await page.getByRole("region", { name: "Audit trail" }).getByText("Date added").waitFor();
  await form(page).getByLabel("Starts at").fill(`${added}T20:00`);
  await button.click();
  await form(page).getByText("is a date of this sale already").first().waitFor();
  await inspect(visitor, "a date that exists");
  await visitor.close();
});

test("the later of two operators who move a start is told, sees the other's time, and can save then", async () => {
  const { concertId } = await sale.onSale(seoul);
  const [one, two] = await Promise.all([
    open(`/console/${concertId}`),
    open(`/console/${concertId}`, { locale: "ko-KR" }),
  ]);
  const korean = two.page.getByRole("region", { name: "공연 날짜" });
  await form(one.page).getByRole("combobox", { name: "Show" }).selectOption(first);
  await korean.getByRole("combobox", { name: "공연" }).selectOption(first);
  assert.equal(await form(one.page).getByLabel("Starts at").inputValue(), `${first}T19:00`);
  await form(one.page).getByLabel("Starts at").fill(`${first}T20:00`);
  await korean.getByLabel("공연 시작").fill(`${first}T21:00`);
  await submit(one.page, "Move the start").click();
  await form(one.page).getByText("Saved.").waitFor();
  await korean.getByRole("button", { name: "시작 시각 바꾸기" }).click();
  await korean.getByText(/다른 운영자가 이 판매를 바꿨습니다/).waitFor();
  await inspect(two, "a conflict of two operators");
  await datesAre(concertId, [{ date: first, startsAt: `${first}T11:00:00.000Z` }]);
  await two.page.getByText("오후 8:00").first().waitFor();
  await korean.getByRole("button", { name: "시작 시각 바꾸기" }).click();
  await korean.getByText("저장했습니다.").waitFor();
  await datesAre(concertId, [{ date: first, startsAt: `${first}T12:00:00.000Z` }]);
  await Promise.all([one.close(), two.close()]);
});

test("a start on another day is refused at its field, and no date changes", async () => {
  const { concertId } = await sale.onSale(seoul);
  const visitor = await open(`/console/${concertId}`);
  const { page } = visitor;
  await form(page).getByRole("combobox", { name: "Show" }).selectOption(first);
  await form(page).getByLabel("Starts at").fill(`${added}T19:00`);
  await submit(page, "Move the start").click();
  const field = form(page).getByLabel("Starts at");
  await eventually("the field is wrong", async () =>
    (await field.getAttribute("aria-invalid")) === "true" ? true : undefined,
  );
  await inspect(visitor, "a start on another day");
  assert.deepEqual((await read(concertId))["dates"], dates);
  await visitor.close();
});
