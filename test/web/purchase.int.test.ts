import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, desk, openBrowser, openVisitor } from "#test/support/browser.ts";
import { succeeded } from "#test/support/client.ts";
import { chargeMissing, enter, holdSeats, signUpAt, userOf } from "#test/support/fan-at-browser.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// From the list of concerts to a ticket, in a real browser on the real server, as a fan does it.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const grades = [
  { name: "VIP", price: 154_000, seats: [1, 10] },
  { name: "R", price: 132_000, seats: [11, 30] },
  { name: "S", price: 99_000, seats: [31, 50] },
];
const { concertId } = await sale.onSale({
  dates: [{ date: dateIn(30) }, { date: dateIn(31) }],
  grades,
});

const ticketsOf = async (page: Page): Promise<number> => {
  const session = await page.evaluate("localStorage.getItem('frontrow.session')");
  const { userId } = JSON.parse(String(session)) as { userId: string };
  const rows = await deployment.sql<{ count: string }>(
    "select count(*) from ticket where user_id = $1",
    [userId],
  );
  return Number(rows[0]?.count);
};

const topOf = async (page: Page, text: string): Promise<number> =>
  (await page.getByText(text).first().boundingBox())?.y ?? assert.fail(`${text} is not shown`);

test("after paying, the tickets stand above the button that joins again, also after a reload", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await holdSeats(page, 41);
  await chargeMissing(page);
  await page.getByRole("button", { name: /^Pay / }).click();
  for (const reloads of [0, 1]) {
    if (reloads > 0) await page.reload();
    await page.getByRole("button", { name: "Join again" }).waitFor();
    await page.getByText("The seats are yours").waitFor();
    assert.ok((await topOf(page, "Join again")) > (await topOf(page, "The seats are yours")));
  }
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("a fan buys two tickets by mouse on a phone-size screen, reloading at every step", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto("/");
  await page.getByRole("link", { name: "Proof" }).waitFor();
  await inspect(visitor, "the list");
  await page.reload();

  await page.getByRole("link", { name: "Proof" }).click();
  await page.getByLabel("Your name").waitFor();
  await inspect(visitor, "signing up");
  await page.reload();
  await page.getByLabel("Your name").fill("Kim Ha-neul");
  await page.getByRole("button", { name: "Sign up" }).click();

  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await inspect(visitor, "the turn");
  assert.match(await page.title(), /^Your turn!/);
  await page.reload();
  await page.getByRole("button", { name: "Choose seats" }).click();

  await page.getByRole("checkbox", { name: /^Seat 12,/ }).click();
  await page.getByRole("checkbox", { name: "Seat 13, R, ₩132,000, free" }).click();
  await page.getByText("₩264,000").waitFor();
  await inspect(visitor, "the seat map");
  await page.reload();
  await page.getByText("Seats 12, 13").waitFor();
  await page.getByRole("radio", { name: "List" }).click();
  await page.getByRole("group", { name: /^VIP/ }).waitFor();
  await inspect(visitor, "the list of seats");
  await page.getByRole("button", { name: "Hold these seats" }).click();

  await page.getByRole("heading", { name: "Pay" }).waitFor();
  await page.getByText("Missing").waitFor();
  await inspect(visitor, "a checkout that lacks money");
  await page.reload();
  await page.getByRole("button", { name: "Exactly ₩264,000" }).click();
  const pay = page.getByRole("button", { name: "Pay ₩264,000" });
  await pay.waitFor();
  await inspect(visitor, "the checkout");
  await page.reload();
  await pay.click();

  await page.getByRole("img", { name: "Code of the ticket for seat 12" }).waitFor();
  await inspect(visitor, "the tickets just bought");
  await page.reload();
  await page.getByRole("img", { name: "Code of the ticket for seat 13" }).waitFor();
  await page.getByRole("link", { name: "All my tickets" }).click();
  await page.getByRole("heading", { name: "My tickets" }).waitFor();
  await page.getByText("Reservations").waitFor();
  await page.getByRole("img", { name: "Code of the ticket for seat 13" }).waitFor();
  await page.getByText("Paid").waitFor();
  await inspect(visitor, "my tickets");
  assert.equal(await ticketsOf(page), 2);
  await visitor.close();
});

test("a price that an operator corrects while a fan holds a seat: checkout and receipt keep the held price", async () => {
  const { concertId: corrected } = await sale.onSale({
    title: "Corrected",
    grades,
    dates: [{ date: dateIn(30) }],
  });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, corrected);
  await enter(page);
  await holdSeats(page, 41);
  const body = { grades: [{ name: "S", price: 150_000 }] };
  succeeded(await sale.admin("PATCH", `/concerts/${corrected}`, body), 200);
  await page.reload();
  await page.getByRole("button", { name: "Exactly ₩99,000" }).click();
  await page.getByRole("button", { name: "Pay ₩99,000" }).click();
  await page.getByText("The seats are yours").waitFor();
  await page.getByText(/^₩99,000 paid/).waitFor();
  const other = await openVisitor(browser, url);
  await signUpAt(other.page, corrected);
  await enter(other.page);
  await other.page.getByRole("checkbox", { name: "Seat 42, S, ₩150,000, free" }).waitFor();
  await Promise.all([visitor.close(), other.close()]);
});

/** Presses a key until an element with this name has the focus; fails after 40 times. */
const until = async (page: Page, key: string, name: RegExp): Promise<void> => {
  const read = `(() => {
    const it = document.activeElement;
    if (it === document.body) return "nothing";
    const label = it.labels?.[0]?.textContent ?? "";
    return it.getAttribute("aria-label") ?? (label || it.textContent);
  })()`;
  const seen: string[] = [];
  for (let presses = 0; presses < 40; presses += 1) {
    const now = String(await page.evaluate(read));
    if (name.test(now)) return;
    seen.push(now.slice(0, 40));
    await page.keyboard.press(key);
  }
  assert.fail(`never came to ${name}: ${seen.join(" | ")}`);
};

const focused = (page: Page) => page.evaluate("document.activeElement.textContent");

/** Notes in the page whether "Loading …" is shown from now on. */
const watchLoading = `{
  globalThis.wasLoading = false;
  const read = () => (globalThis.wasLoading ||= document.body.textContent.includes("불러오는 중"));
  new MutationObserver(read).observe(document.body, { childList: true, subtree: true });
}`;

test("a fan buys a ticket by keyboard alone, in Korean and in the dark scheme", async () => {
  const options = { locale: "ko-KR", colorScheme: "dark", viewport: desk } as const;
  const visitor = await openVisitor(browser, url, options);
  const { page } = visitor;
  await page.goto("/");
  await page.getByRole("link", { name: "Proof" }).waitFor();
  await inspect(visitor, "the list, in Korean");
  assert.equal(await page.evaluate("document.documentElement.lang"), "ko");
  await until(page, "Tab", /Proof/);
  await page.keyboard.press("Enter");

  await page.getByLabel("이름").waitFor();
  await inspect(visitor, "signing up, in Korean");
  await until(page, "Tab", /^이름/);
  await page.keyboard.type("김하늘");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "내 차례예요" }).waitFor();
  await inspect(visitor, "the turn, in the dark");
  await until(page, "Tab", /^좌석 고르기$/);
  await page.keyboard.press("Enter");

  await page.getByRole("checkbox", { name: /^1번 좌석/ }).waitFor();
  assert.equal(await focused(page), "좌석을 고르세요");
  await inspect(visitor, "the seat map, in the dark");
  await until(page, "Tab", /^1번 좌석/);
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
  await until(page, "ArrowRight", /^23번 좌석/);
  await page.keyboard.press("Space");
  await page.getByText("23번 좌석").waitFor();
  await until(page, "Tab", /^이 좌석 선점하기$/);
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "결제" }).waitFor();
  assert.equal(await focused(page), "결제");
  await page.getByText("부족한 금액").waitFor();
  await inspect(visitor, "the checkout, in the dark");
  await until(page, "Tab", /^₩132,000|^부족한/);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "₩132,000 결제하기" }).waitFor();
  await until(page, "Tab", /결제하기$/);
  await page.evaluate(watchLoading);
  // Pressed four times, the button makes one payment.
  for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press("Enter");

  // The view of the ended place replaces that of the checkout, with the same ticket and heading.
  await page.getByText("다시 줄 서기").waitFor();
  await page.getByRole("img", { name: "23번 좌석 티켓 코드" }).waitFor();
  await page.waitForFunction("document.activeElement.textContent === '예매를 마쳤어요'");
  assert.equal(await page.evaluate("wasLoading"), false, "the ticket was gone for a moment");
  await inspect(visitor, "the ticket, in the dark");
  assert.equal(await ticketsOf(page), 1);
  await page.getByRole("link", { name: "내 예매", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "내 예매", level: 1 }).waitFor();
  assert.equal(await page.evaluate("document.activeElement.tagName"), "H1");
  await page.getByText("결제 완료").waitFor();
  await inspect(visitor, "my tickets, in the dark");
  await visitor.close();
});

const paymentsOf = async (page: Page): Promise<number> => {
  const { userId } = await userOf(page);
  return (await deployment.sql("select 1 from payment where user_id = $1", [userId])).length;
};

const payments = /\/api\/v1\/payments$/;

test("a reload during a payment repeats the same payment", async () => {
  const paying = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, paying.concertId);
  await enter(page);
  await holdSeats(page, 40);
  await chargeMissing(page);
  const keys: (string | undefined)[] = [];
  let isCut = true;
  await page.route(payments, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    await (isCut ? route.abort() : route.continue());
  });
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByText(/you cannot pay twice/).waitFor();
  await inspect(visitor, "a payment without an answer");
  isCut = false;
  await page.reload();
  await page.getByRole("img", { name: "Code of the ticket for seat 40" }).waitFor();
  assert.equal(new Set(keys).size, 1);
  assert.equal(await paymentsOf(page), 1);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("a payment whose answer is lost is repeated and charged once", async () => {
  const paying = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, paying.concertId);
  await enter(page);
  await holdSeats(page, 41, 42);
  await chargeMissing(page);
  let lost = 0;
  await page.route(payments, async (route) => {
    const answer = await route.fetch();
    assert.equal(answer.status(), 201);
    lost += 1;
    await (lost === 1 ? route.abort() : route.fulfill({ response: answer }));
  });
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByRole("img", { name: "Code of the ticket for seat 42" }).waitFor();
  assert.equal(await paymentsOf(page), 1);
  await visitor.close();
});

test("without a user, a ticket or a concert the pages say what will be there", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto("/me");
  await page.getByText("You are not signed in here.").waitFor();
  await inspect(visitor, "my tickets, signed out");
  await page.route(/\/api\/v1\/concerts$/, (route) =>
    route.fulfill({ json: { items: [], nextCursor: null } }),
  );
  await page.getByRole("link", { name: "All concerts" }).click();
  await page.getByText("No concert is announced yet.").waitFor();
  await inspect(visitor, "an empty list");
  await visitor.close();
});

test("the address of an unknown concert says that there is none", async () => {
  const visitor = await openVisitor(browser, url);
  await visitor.page.goto(`/concerts/${crypto.randomUUID()}`);
  await visitor.page.getByRole("heading", { name: "There is no such concert" }).waitFor();
  await inspect(visitor, "a concert that is not there");
  await visitor.close();
  assert.ok(concertId);
});

test("addresses of pages are forgiving, and an unknown one says so with 404", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  for (const path of ["/concerts", "/concerts/", "//"]) {
    await page.goto(url + path);
    await page.getByRole("heading", { name: "Concerts" }).waitFor();
  }
  await page.goto("/ME/");
  await page.getByRole("heading", { name: "My tickets" }).waitFor();
  await page.goto(`/Concerts/${concertId.toUpperCase()}/`);
  await page.getByRole("heading", { name: "Proof" }).waitFor();
  const answer = await page.goto("/nothing/here");
  assert.equal(answer?.status(), 404);
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await inspect(visitor, "an unknown address");
  await page.getByRole("link", { name: "All concerts" }).click();
  await page.getByRole("heading", { name: "Concerts" }).waitFor();
  await page.goto("/console/");
  await page.getByLabel("Operator key").waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

/** The fan returns to the tab. */
const comeBack = (page: Page) => page.evaluate("dispatchEvent(new Event('focus'))");

test("money that another tab adds counts in the checkout when the fan returns", async () => {
  const onSale = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page, context } = visitor;
  await signUpAt(page, onSale.concertId);
  await enter(page);
  await holdSeats(page, 3);
  await page.getByText("Missing").waitFor();
  const tab = await context.newPage();
  await tab.goto("/me");
  await tab.getByRole("button", { name: "₩50,000" }).click();
  await tab
    .getByText(/^₩50,000 added/)
    .first()
    .waitFor();
  await comeBack(page);
  await page.getByRole("button", { name: "Pay ₩1,000" }).waitFor();
  await visitor.close();
});

test("tickets and reservations after the first page are reached, and stay when the page reads again", async () => {
  const fan = await sale.fan({ balance: 5_000 });
  for (const seatNumber of [1, 2]) {
    const { concertId, dates } = await sale.onSale();
    const placed = await sale.admitted(fan, concertId);
    const held = await sale.reserved(placed, { date: dates[0] ?? "", seatNumbers: [seatNumber] });
    await sale.pay(placed, held.reservationId);
  }
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  // Pages of one item stand for pages of twenty.
  await page.route(/\/(tickets|reservations)\?limit=/, (route) =>
    route.continue({
      url: route
        .request()
        .url()
        .replace(/limit=\d+/, "limit=1"),
    }),
  );
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  await page.goto("/me");
  const code = (seat: number) =>
    page.getByRole("img", { name: `Code of the ticket for seat ${seat}` });
  await code(2).waitFor();
  assert.equal(await code(1).count(), 0);
  const tickets = page.getByRole("region", { name: "Tickets" });
  await tickets.getByRole("button", { name: "Show more" }).click();
  await code(1).waitFor();
  await tickets.getByRole("button", { name: "Show more" }).waitFor({ state: "detached" });
  const again = page.waitForResponse(/\/tickets\?limit=1$/);
  await comeBack(page);
  await (await again).finished();
  await code(1).waitFor();
  await visitor.close();
});

test("one list that cannot be read says so, and the others are shown", async () => {
  const fan = await sale.fan({ balance: 5_000 });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  let isBroken = true;
  await page.route(/\/tickets\?limit=/, (route) =>
    isBroken
      ? route.fulfill({ status: 500, json: { code: "INTERNAL", status: 500 } })
      : route.continue(),
  );
  await page.goto("/me");
  await page.getByText(/^The server failed/).waitFor();
  await page.getByText("₩5,000").first().waitFor();
  await page.getByText("Loading …").waitFor({ state: "detached" });
  isBroken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("No tickets yet").waitFor();
  await visitor.close();
});

test("the list shows a concert that is announced while it is open, with the zone of its opening", async () => {
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto("/");
  await page.getByRole("link", { name: "Proof" }).first().waitFor();
  const opensAt = new Date(Date.now() + 3_600_000).toISOString();
  const { concertId: later } = await sale.onSale({ policy: { opensAt } });
  await comeBack(page);
  const card = page.locator(`a[href="/concerts/${later}"]`);
  await card.getByText(/^Opens .* UTC$/).waitFor();
  await visitor.close();
});
