import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { chargeMissing, enter, holdSeats, signUpAt, userOf } from "#test/support/fan-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";

// Waiting in the queue, in a real browser: while the queue moves, while it stops, and while its server is killed.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

/** A sale with one slot, which one user has taken, so all others wait. */
const crowdedSale = async (ahead: number) => {
  const policy = { maxActive: 1, maxSeatsPerUser: 50, maxSeatsPerReservation: 50 };
  const onSale = await sale.onSale({ policy });
  const inside = await sale.admitted(await sale.fan(), onSale.concertId);
  const waiting = [];
  for (const fan of await sale.fans(ahead)) waiting.push(await sale.placed(fan, onSale.concertId));
  return { ...onSale, inside, waiting };
};

/** Counts the tones that the page plays. */
const countTones = `
  globalThis.tones = 0;
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    globalThis.tones += 1;
    return make.call(this);
  };`;

/** Records the page's notifications, with permission granted. */
const keepNotifications = `
  globalThis.notifications = [];
  globalThis.Notification = class {
    static permission = "granted";
    constructor(text) { globalThis.notifications.push(text); }
  };`;

/** Adds up the layout shifts from now on. */
const watchShifts = `
  globalThis.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.shifts += entry.value;
  }).observe({ type: "layout-shift" });`;

test("a fan's position falls, the queue pauses and resumes, and the turn comes", async () => {
  // Enough people ahead that the estimate after one admission is above 30 s.
  const { concertId, inside, waiting } = await crowdedSale(30);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.addInitScript(countTones);
  await page.addInitScript(keepNotifications);
  await signUpAt(page, concertId);
  await page.getByText("30 people ahead of you").first().waitFor();
  await page.getByRole("heading", { name: "Your place in line" }).waitFor();
  assert.match(await page.title(), /^\(31\) in line/);
  await inspect(visitor, "waiting");
  await page.getByLabel("Sound and notification at my turn").check();

  await page.evaluate(watchShifts);
  const [first, second, ...others] = waiting;
  assert.ok(first && second);
  await sale.leave(first);
  await sale.leave(second);
  await page.getByText("28 people ahead of you").first().waitFor();
  assert.equal(await page.evaluate("shifts"), 0, "the page moves when its numbers change");
  await page.reload();
  await page.getByText("28 people ahead of you").first().waitFor();

  const queue = `/concerts/${concertId}/queue`;
  await sale.admin("POST", `${queue}/pause`);
  await page.getByRole("heading", { name: "The line is paused" }).waitFor();
  await inspect(visitor, "a paused line");
  await sale.admin("POST", `${queue}/resume`);
  await page.getByRole("heading", { name: "Your place in line" }).waitFor();

  for (const one of others) await sale.leave(one);
  await page.getByRole("heading", { name: "You are near the front" }).waitFor();
  await page.getByText("No one is ahead of you").first().waitFor();
  await inspect(visitor, "nearly there");
  assert.equal(await page.evaluate("tones"), 0, "the alarm rings before the turn");
  assert.deepEqual(await page.evaluate("notifications"), []);
  // The fan looks at another tab, so the page has to notify as well.
  await page.evaluate("Object.defineProperty(document, 'hidden', { value: true })");
  await sale.leave(inside);
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  assert.match(await page.title(), /^Your turn!/);
  await page.waitForFunction(() => Number(Reflect.get(globalThis, "tones")) > 0);
  assert.deepEqual(await page.evaluate("notifications"), [
    "It is your turn. Go in and choose your seats. Your time is running.",
  ]);
  await inspect(visitor, "the turn");
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("a fan behind more people than the seats can serve is told so in both languages, and no wait", async () => {
  const { concertId, waiting } = await crowdedSale(110);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  const text = /More people are ahead of you than the free seats are likely to serve/;
  await page.getByRole("status").getByText(text).waitFor({ state: "attached" });
  await page.locator("p.note").getByText(text).waitFor();
  assert.equal(await page.getByText(/minute|cannot be estimated/).count(), 0);
  await inspect(visitor, "too few seats");
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByText("좌석을 받지 못할 수 있어요").first().waitFor();
  await page.getByRole("button", { name: "English" }).click();
  for (const one of waiting.slice(5)) await sale.leave(one);
  await page.getByText("5 people ahead of you").first().waitFor();
  await page.getByText(/^About \d+ (minutes|h)/).waitFor();
  assert.equal(await page.locator("p.note").getByText(text).count(), 0);
  await visitor.close();
});

test("a second tab and another device show the same place", async () => {
  const { concertId } = await crowdedSale(3);
  const visitor = await openVisitor(browser, url);
  const { page, context } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("3 people ahead of you").first().waitFor();
  await page.getByText(/your place is the same/).waitFor();
  const tab = await context.newPage();
  await tab.goto(`/concerts/${concertId}`);
  await tab.getByText("3 people ahead of you").first().waitFor();
  const device = await openVisitor(browser, url);
  await device.page.goto("/");
  const session = JSON.stringify({ ...(await userOf(page)), name: "Kim" });
  await device.page.evaluate(
    `localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`,
  );
  await device.page.goto(`/concerts/${concertId}`);
  await device.page.getByRole("button", { name: "Join the line" }).click();
  await device.page.getByText("3 people ahead of you").first().waitFor();
  await device.page.getByText("This is the same place").waitFor();
  assert.equal(await page.getByText("This is the same place").count(), 0);
  await Promise.all([visitor.close(), device.close()]);
});

test("a queue that is recovering shows no position, and the place is kept", async () => {
  const { concertId } = await crowdedSale(1);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  // The answers of a server whose Redis has lost the queue; test/e2e/recovery has them from a real server.
  let isRecovering = true;
  await page.route(/tokens\/me$/, async (route) => {
    const answer = await route.fetch();
    const status = (await answer.json()) as object;
    const recovering = { queueState: "RECOVERING", position: null, ahead: null };
    await route.fulfill({ response: answer, json: { ...status, ...(isRecovering && recovering) } });
  });
  await page.route(/tokens\/me\/events$/, (route) => route.abort());
  await signUpAt(page, concertId);
  await page.getByRole("heading", { name: "The line is being restored" }).waitFor();
  await page.getByText(/^Places come back in their old order/).waitFor();
  assert.equal(await page.getByRole("progressbar").count(), 0);
  await inspect(visitor, "a line that comes back");
  isRecovering = false;
  await page.getByText("1 person ahead of you").first().waitFor();
  await visitor.close();
});

test("leaving needs a confirmation, and the fan may join again at the back", async () => {
  const { concertId } = await crowdedSale(1);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("1 person ahead of you").first().waitFor();
  await page.getByRole("button", { name: "Leave the line" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Give up your place?" }).waitFor();
  await inspect(visitor, "the question whether to leave");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Leave the line" }).click();
  await dialog.getByRole("button", { name: "Leave the line" }).click();
  await page.getByRole("heading", { name: "You left the line" }).waitFor();
  await inspect(visitor, "having left");
  await page.reload();
  await page.getByRole("heading", { name: "You left the line" }).waitFor();
  await page.getByRole("button", { name: "Join again" }).click();
  await page.getByText("1 person ahead of you").first().waitFor();
  await visitor.close();
});

test("before the sale a countdown runs, and the page joins at the opening if the fan asked for it", async () => {
  const opensAt = new Date(Date.now() + 9_000).toISOString();
  const { concertId } = await sale.onSale({ policy: { opensAt } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await page.goto(`/concerts/${concertId}`);
  await page.getByText("The sale opens in").waitFor();
  await inspect(visitor, "before the sale");
  await page.getByLabel("Your name").fill("Lee");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByText(/^This page joins for you/).waitFor();
  await page.reload();
  await page.getByText(/^This page joins for you/).waitFor();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor({ timeout: 60_000 });
  await visitor.close();
});

test("a turn that is not used in time lapses, and the page says so", async () => {
  const { concertId } = await sale.onSale({ policy: { sessionSeconds: 4 } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await page.getByText("Time to choose").waitFor();
  await page.getByRole("heading", { name: "Your turn has passed" }).waitFor();
  await inspect(visitor, "a turn that has passed");
  await page.getByRole("button", { name: "Join again" }).click();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await visitor.close();
});

test("a sale that closes tells the fans who wait and the fans who come later", async () => {
  const { concertId, dates, inside } = await crowdedSale(0);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("No one is ahead of you").first().waitFor();
  const [date = ""] = dates;
  const all = Array.from({ length: 50 }, (_, n) => n + 1);
  await sale.reserved(inside, { date, seatNumbers: all });
  await page.getByRole("heading", { name: "All seats are held" }).waitFor();
  assert.equal(await page.getByText("seats free").count(), 0);
  await inspect(visitor, "a line while all seats are held");
  await sale.admin("POST", `/concerts/${concertId}/queue/close`);
  await page.getByRole("heading", { name: "The sale is closed" }).waitFor();
  await inspect(visitor, "a closed sale, to who waited");
  await visitor.close();
  const late = await openVisitor(browser, url);
  await late.page.goto(`/concerts/${concertId}`);
  await late.page.getByRole("heading", { name: "Closed" }).waitFor();
  await inspect(late, "a closed sale, to who comes late");
  await late.page.getByRole("link", { name: "All concerts" }).click();
  await late.page.getByRole("heading", { name: "Concerts" }).waitFor();
  await late.close();
});

/** Kills the server and starts another one on its port. */
const another = async (instance: Instance, awayMs: number): Promise<Instance> => {
  instance.signal("SIGKILL");
  await instance.ended;
  await new Promise((resolve) => setTimeout(resolve, awayMs));
  return deployment.add({ PORT: new URL(url).port });
};

test("changing the language without a connection changes neither texts nor dates", async () => {
  const { concertId } = await crowdedSale(1);
  const visitor = await openVisitor(browser, url);
  const { page, context } = visitor;
  await page.goto(`/concerts/${concertId}`);
  const facts = page.locator(".facts").first();
  const before = await facts.textContent();
  await context.setOffline(true);
  await page.getByRole("button", { name: "한국어" }).click();
  await page.waitForTimeout(500);
  assert.equal(await facts.textContent(), before);
  await context.setOffline(false);
  await page.getByRole("button", { name: "한국어" }).click();
  await page.getByRole("button", { name: "English" }).waitFor();
  assert.match(String(await facts.textContent()), /월/);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("a server that is killed and restarted costs neither the place nor money", async () => {
  let [instance] = deployment.instances;
  assert.ok(instance);
  const { concertId, inside } = await crowdedSale(2);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await page.getByText("2 people ahead of you").first().waitFor();

  const back = another(instance, 1_500);
  await page.getByText("Connection lost").waitFor();
  await page.getByText(/You need not join again/).waitFor();
  await inspect(visitor, "a lost connection");
  instance = await back;
  await page.getByText("Connection lost").waitFor({ state: "detached", timeout: 60_000 });
  await page.getByText("2 people ahead of you").first().waitFor();

  await sale.leave(inside);
  const paying = await sale.onSale();
  await page.goto(`/concerts/${paying.concertId}`);
  await page.getByRole("button", { name: "Join the line" }).click();
  await enter(page);
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
    .waitFor({ timeout: 60_000 });
  const { userId } = await userOf(page);
  const paid = await deployment.sql("select amount from payment where user_id = $1", [userId]);
  assert.equal(paid.length, 1);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});
