import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axe, openBrowser, openVisitor, type Visitor } from "../support/browser.ts";
import { chargeMissing, goIn, holdSeats, signUpAt, userOf } from "../support/fan-at-browser.ts";
import { openSale } from "../support/sale.ts";
import { openHouse, type Instance } from "../support/server.ts";

// Standing in line, in a real browser: what is shown while the line moves, stops, and its server is killed.

const house = await openHouse({ instances: 1 });
after(() => house[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(house);
const url = house.instances[0]?.url ?? "";

/** A line in which everybody waits, because one person is in and only one may be. */
const crowdedSale = async (ahead: number) => {
  const policy = { maxActive: 1, maxSeatsPerUser: 50, maxSeatsPerReservation: 50 };
  const onSale = await sale.onSale({ policy });
  const inside = await sale.admitted(await sale.fan(), onSale.concertId);
  const waiting = [];
  for (const fan of await sale.fans(ahead)) waiting.push(await sale.placed(fan, onSale.concertId));
  return { ...onSale, inside, waiting };
};

const clean = async ({ page, faults, strangers }: Visitor, where: string): Promise<void> => {
  assert.deepEqual(await axe(page), [], `axe finds something on: ${where}`);
  assert.deepEqual(faults, [], `the browser complains on: ${where}`);
  assert.deepEqual(strangers, [], `somebody else is asked on: ${where}`);
};

test("a fan sees his place fall, the line pause and resume, and his turn come", async () => {
  const { concertId, inside, waiting } = await crowdedSale(7);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("7 people ahead of you").waitFor();
  await page.getByRole("heading", { name: "Your place in line" }).waitFor();
  assert.match(await page.title(), /^\(8\) in line/);
  await clean(visitor, "waiting");

  const [first, second, ...others] = waiting;
  assert.ok(first && second);
  await sale.leave(first);
  await sale.leave(second);
  await page.getByText("5 people ahead of you").waitFor();
  await page.reload();
  await page.getByText("5 people ahead of you").waitFor();

  const queue = `/concerts/${concertId}/queue`;
  await sale.admin("POST", `${queue}/pause`);
  await page.getByRole("heading", { name: "The line is paused" }).waitFor();
  await clean(visitor, "a paused line");
  await sale.admin("POST", `${queue}/resume`);
  await page.getByRole("heading", { name: "Your place in line" }).waitFor();

  for (const one of others) await sale.leave(one);
  await page.getByRole("heading", { name: "You are nearly there" }).waitFor();
  await page.getByText("Nobody is ahead of you").waitFor();
  await sale.leave(inside);
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  assert.match(await page.title(), /^Your turn!/);
  assert.deepEqual(visitor.faults, []);
  await visitor.close();
});

test("who leaves is asked first, and may join again at the back", async () => {
  const { concertId } = await crowdedSale(1);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("1 person ahead of you").waitFor();
  await page.getByRole("button", { name: "Leave the line" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Give up your place?" }).waitFor();
  await clean(visitor, "the question whether to leave");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Leave the line" }).click();
  await dialog.getByRole("button", { name: "Leave the line" }).click();
  await page.getByRole("heading", { name: "You left the line" }).waitFor();
  await clean(visitor, "having left");
  await page.reload();
  await page.getByRole("heading", { name: "You left the line" }).waitFor();
  await page.getByRole("button", { name: "Join again" }).click();
  await page.getByText("1 person ahead of you").waitFor();
  await visitor.close();
});

test("before the sale the time until it opens runs down, and who wishes joins by himself", async () => {
  const opensAt = new Date(Date.now() + 9_000).toISOString();
  const { concertId } = await sale.onSale({ policy: { opensAt } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto(`/concerts/${concertId}`);
  await page.getByText("The sale opens in").waitFor();
  await clean(visitor, "before the sale");
  await page.getByLabel("Your name").fill("Lee");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByText(/^You join by yourself/).waitFor();
  await page.reload();
  await page.getByText(/^You join by yourself/).waitFor();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor({ timeout: 15_000 });
  await visitor.close();
});

test("a turn that is not used in time passes, and says so", async () => {
  const { concertId } = await sale.onSale({ policy: { sessionSeconds: 4 } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await goIn(page);
  await page.getByText("Time left").waitFor();
  await page.getByRole("heading", { name: "Your turn has passed" }).waitFor();
  await clean(visitor, "a turn that has passed");
  await page.getByRole("button", { name: "Join again" }).click();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await visitor.close();
});

test("a sale that sells out or closes tells who waits, and who comes later", async () => {
  const { concertId, dates, inside } = await crowdedSale(0);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("Nobody is ahead of you").waitFor();
  const [date = ""] = dates;
  const all = Array.from({ length: 50 }, (_, n) => n + 1);
  await sale.reserved(inside, { date, seatNumbers: all });
  await page.getByRole("heading", { name: "All seats are held" }).waitFor();
  await clean(visitor, "a line while all seats are held");
  await sale.admin("POST", `/concerts/${concertId}/queue/close`);
  await page.getByRole("heading", { name: "The sale is closed" }).waitFor();
  await clean(visitor, "a closed sale, to who waited");
  await visitor.close();
  const late = await openVisitor(browser, url);
  await late.page.goto(`/concerts/${concertId}`);
  await late.page.getByRole("heading", { name: "Closed" }).waitFor();
  await clean(late, "a closed sale, to who comes late");
  await late.close();
});

/** Kills the server and starts another one on its port. */
const another = async (instance: Instance, awayMs: number): Promise<Instance> => {
  instance.signal("SIGKILL");
  await instance.ended;
  await new Promise((resolve) => setTimeout(resolve, awayMs));
  return house.add({ PORT: new URL(url).port });
};

test("a server that is killed and comes back costs neither place nor money", async () => {
  let [instance] = house.instances;
  assert.ok(instance);
  const { concertId, inside } = await crowdedSale(2);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("2 people ahead of you").waitFor();

  const back = another(instance, 1_500);
  await page.getByText("Connection lost").waitFor();
  await page.getByText(/^Your place is kept|Your place is kept/).waitFor();
  await clean(visitor, "a lost connection");
  instance = await back;
  await page.getByText("Connection lost").waitFor({ state: "detached", timeout: 20_000 });
  await page.getByText("2 people ahead of you").waitFor();

  await sale.leave(inside);
  const paying = await sale.onSale();
  await page.goto(`/concerts/${paying.concertId}`);
  await page.getByRole("button", { name: "Join the line" }).click();
  await goIn(page);
  await holdSeats(page, 9);
  await chargeMissing(page);
  const later = another(instance, 1_500);
  await page.waitForTimeout(300);
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByText(/you cannot pay twice/).waitFor();
  await page.getByRole("button", { name: "Paying …" }).click({ force: true });
  await later;
  await page
    .getByRole("img", { name: "Code of the ticket for seat 9" })
    .waitFor({ timeout: 20_000 });
  const { userId } = await userOf(page);
  const paid = await house.sql("select amount from payment where user_id = $1", [userId]);
  assert.equal(paid.length, 1);
  assert.deepEqual(visitor.faults, []);
  await visitor.close();
});
