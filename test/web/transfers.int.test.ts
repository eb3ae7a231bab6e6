import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { BrowserContextOptions } from "playwright-core";
import { eventually } from "#test/support/concurrency.ts";
import { faultsOf, inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { succeeded, type Members } from "#test/support/client.ts";
import { smallHall } from "#test/support/halls.ts";
import { openSale, type Fan, type SaleOptions } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import {
  buy,
  claim,
  offer,
  ticketsOf,
  type HeldTicket,
  type Transfer,
} from "#test/support/tickets.ts";

// A ticket that a fan passes on in the browser, and the link by which another fan accepts it.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const policy = { transfers: { until: 24, perTicket: 2 } };

/** A fan with a ticket for seat 12, which is seat 2 of row B in the stalls of a small hall. */
const fanWithTicket = async (options: SaleOptions = { seatingPlan: smallHall }) => {
  const onSale = await sale.onSale({ ...options, policy });
  const fan = await sale.fan({ balance: 10_000 });
  await buy(sale, fan, onSale, [12]);
  const [ticket] = (await ticketsOf(sale, fan)) as [HeldTicket];
  return { onSale, fan, ticket };
};

const openAs = async (fan: Fan | null, path: string, options: BrowserContextOptions = {}) => {
  const visitor = await openVisitor(browser, url, options);
  await visitor.page.goto("/");
  if (fan !== null) {
    const session = JSON.stringify({ ...fan, name: "Kim" });
    await visitor.page.evaluate(
      `localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`,
    );
  }
  await visitor.page.goto(path);
  return visitor;
};

const offered = async (fan: Fan, { ticketId }: HeldTicket): Promise<Transfer> =>
  succeeded<Transfer>(await offer(sale, fan, ticketId), 201);

test("a fan passes a ticket on by a link, and a fan without an account signs up and accepts it", async () => {
  const { fan, ticket } = await fanWithTicket();
  const holder = await openAs(fan, "/me", { permissions: ["clipboard-read", "clipboard-write"] });
  const own = holder.page.getByRole("region", { name: "Pass on: Stalls, row B, seat 2" });
  await own.getByRole("button", { name: "Pass on" }).click();
  const link = await own.getByLabel("Link for the recipient").inputValue();
  assert.match(link, new RegExp(`^${url}/me#claim=[\\w-]{32}$`));
  await own.getByRole("button", { name: "Copy the link" }).click();
  await own.getByText("The link is copied.").waitFor();
  assert.equal(await holder.page.evaluate("navigator.clipboard.readText()"), link);
  await inspect(holder, "a ticket that is offered");

  const friend = await openAs(null, link.slice(url.length));
  const { page } = friend;
  await page.getByRole("heading", { name: "A ticket is waiting for you" }).waitFor();
  assert.ok(!page.url().includes("claim"), "the address keeps no code");
  await inspect(friend, "a link of a ticket, before signing up");
  await page.getByLabel("Your name").fill("Lee");
  await page.getByRole("button", { name: "Sign up and accept" }).click();
  await page.getByText(/^The ticket is yours: Proof, .*Stalls, row B, seat 2$/).waitFor();
  await page.getByRole("img", { name: "Code of the ticket for Stalls, row B, seat 2" }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.reload();
  await page.getByRole("img", { name: "Code of the ticket for Stalls, row B, seat 2" }).waitFor();
  assert.equal(await page.getByText("A ticket is waiting for you").count(), 0);
  await friend.close();

  await holder.page.reload();
  await holder.page.getByText("Passed on to another person", { exact: true }).waitFor();
  assert.equal(await holder.page.getByRole("button", { name: "Pass on" }).count(), 0);
  const [gone] = await ticketsOf(sale, fan);
  assert.deepEqual([gone?.ticketId, gone?.status], [ticket.ticketId, "VOID"]);
  assert.deepEqual(holder.consoleErrors, []);
  await holder.close();
});

test("an offer stays shown, and its holder renews or cancels it, in Korean too", async () => {
  const { fan, ticket } = await fanWithTicket();
  const before = await offered(fan, ticket);
  const visitor = await openAs(fan, "/me", { locale: "ko-KR" });
  const { page } = visitor;
  const own = page.getByRole("region", { name: "Stalls B열 2번 티켓 전달하기" });
  await own.getByText("전달 중", { exact: true }).waitFor();
  await inspect(visitor, "an offered ticket after a reload, ko-KR");
  await own.getByRole("button", { name: "새 링크 만들기" }).click();
  const link = await own.getByLabel("받을 분에게 보낼 링크").inputValue();
  const [friend] = (await sale.fans(1)) as [Fan];
  assert.equal((await claim(sale, friend, before.claim)).status, 404);
  await own.getByRole("button", { name: "전달 취소" }).click();
  await own.getByText(/^전달을 취소했어요/).waitFor();
  await own.getByRole("button", { name: "전달하기" }).waitFor();
  const code = link.slice(link.indexOf("=") + 1);
  assert.equal((await claim(sale, friend, code)).status, 404);
  assert.deepEqual(await faultsOf(page), []);
  await visitor.close();
});

test("a fan who is signed in accepts with one click; a link that is over says so", async () => {
  const { fan, ticket } = await fanWithTicket();
  const { claim: code } = await offered(fan, ticket);
  const path = `/me#claim=${code}`;
  const own = await openAs(fan, path);
  await own.page.getByRole("button", { name: "Accept the ticket" }).click();
  await own.page.getByText("This is your own ticket. Give the link to the recipient.").waitFor();
  await own.page.getByRole("button", { name: "Close" }).click();
  await own.page
    .getByRole("heading", { name: "A ticket is waiting" })
    .waitFor({ state: "detached" });
  await own.close();

  const [friend, late] = (await sale.fans(2)) as [Fan, Fan];
  const first = await openAs(friend, path, { locale: "ko-KR" });
  await first.page.getByRole("button", { name: "티켓 받기" }).click();
  await first.page.getByText(/^티켓을 받았어요/).waitFor();
  await inspect(first, "an accepted ticket, ko-KR");
  await first.close();
  const second = await openAs(late, path);
  await second.page.getByRole("button", { name: "Accept the ticket" }).click();
  await second.page.getByText("Another person has accepted this ticket.").waitFor();
  await inspect(second, "a link that is over");
  await second.page.goto(`/me#claim=wrong`);
  await second.page.reload();
  await second.page.getByRole("button", { name: "Accept the ticket" }).click();
  await second.page.getByText("This link no longer works. Ask for a new one.").waitFor();
  await second.close();
});

test("a ticket that cannot be passed on has no button for it", async () => {
  const none = await sale.onSale({ seatingPlan: smallHall });
  const fan = await sale.fan({ balance: 10_000 });
  await buy(sale, fan, none, [12]);
  const visitor = await openAs(fan, "/me");
  await visitor.page.getByRole("img", { name: /^Code of the ticket/ }).waitFor();
  assert.equal(await visitor.page.getByRole("button", { name: "Pass on" }).count(), 0);
  await visitor.close();
});

test("the console lets tickets be passed on, and shows the holders of a ticket at its seat", async () => {
  const { onSale, fan, ticket } = await fanWithTicket({});
  const friend = await sale.fan();
  const { claim: code } = await offered(fan, ticket);
  succeeded(await claim(sale, friend, code), 200);
  const open = consoleOpener(browser, url, deployment.operatorKey);
  const visitor = await open(`/console/${onSale.concertId}`);
  const { page } = visitor;
  await page.getByRole("button", { name: /^12, / }).click();
  const holders = page.getByRole("list", { name: "Holders of the ticket" });
  await holders.getByText(friend.userId).waitFor();
  assert.match(
    (await holders.innerText()).replaceAll("\n", " "),
    new RegExp(`${fan.userId}.*${friend.userId}`),
  );
  await inspect(visitor, "the holders of a ticket in the console");
  const rule = page.getByRole("group", { name: "Passing tickets on" });
  const apply = rule.getByRole("button", { name: "Apply to tickets" });
  await rule.getByLabel("Passing on ends before the show (hours)").fill("48");
  await apply.click();
  const policyNow = async () =>
    succeeded<{ policy: Members }>(await sale.admin("GET", `/concerts/${onSale.concertId}`), 200)
      .policy["transfers"];
  await page.getByText("until 48 h before, at most 2× a ticket").waitFor();
  assert.deepEqual(await policyNow(), { until: 48, perTicket: 2 });
  await rule.getByRole("combobox").selectOption({ label: "Tickets cannot be passed on" });
  await apply.click();
  await eventually("no ticket can be passed on", async () =>
    (await policyNow()) === null ? true : undefined,
  );
  await page.getByText("Passing tickets on:").nth(1).waitFor();
  await page.getByText("Ticket passed on").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await visitor.close();
});
