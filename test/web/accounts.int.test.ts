import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page, Request } from "playwright-core";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import {
  chargeMissing,
  enter,
  holdSeats,
  seatOf,
  signUpAt,
  userOf,
} from "#test/support/fan-at-browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// State of the pages belongs to one account and one turn, in every tab.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

/** Pays one seat, up to the tickets. */
const buySeat = async (page: Page, seatNumber: number): Promise<void> => {
  await holdSeats(page, seatNumber);
  await chargeMissing(page);
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByRole("img", { name: `Code of the ticket for seat ${seatNumber}` }).waitFor();
};

const signOut = async (page: Page): Promise<void> => {
  await page.getByRole("link", { name: "My tickets", exact: true }).click();
  await page.getByRole("button", { name: "Sign out of this browser" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out of this browser" }).click();
  await page.getByText("You are not signed in here.").waitFor();
};

/** Follows links of the page, so that it is not loaded again. */
const openBySteps = async (page: Page, concertId: string): Promise<void> => {
  await page.getByRole("link", { name: "Frontrow" }).click();
  await page.locator(`a[href="/concerts/${concertId}"]`).click();
};

const subjectOf = (token: string): string => {
  const [, payload = ""] = token.split(".");
  const members = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { sub: string };
  return members.sub;
};

/** The users whom a page's requests name: by their tokens, and by the paths. */
const namedUsers = (page: Page): { readonly mixed: string[]; readonly users: Set<string> } => {
  const mixed: string[] = [];
  const users = new Set<string>();
  page.on("request", (request: Request) => {
    const { authorization } = request.headers();
    if (authorization === undefined) return;
    const subject = subjectOf(authorization.slice("Bearer ".length));
    const inPath = /\/users\/([0-9a-f-]{36})\//.exec(request.url())?.[1] ?? subject;
    users.add(subject);
    if (inPath !== subject) mixed.push(`${subject} asks for ${request.url()}`);
  });
  return { mixed, users };
};

test("the heading takes the focus after a sign-out", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await signOut(page);
  await page.locator("h1:focus").waitFor();
  await visitor.close();
});

test("joining again after paying shows the seats of the new turn, and not the old receipt", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await buySeat(page, 11);
  await page.getByRole("button", { name: "Join again" }).click();
  await enter(page);
  assert.equal(await page.getByText("The seats are yours").count(), 0);
  await buySeat(page, 12);
  await page.reload();
  await page.getByRole("img", { name: "Code of the ticket for seat 12" }).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("a new turn in another tab ends the receipt in this one", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page, context } = visitor;
  await signUpAt(page, concertId);
  await enter(page);
  await buySeat(page, 21);
  const tab = await context.newPage();
  await tab.goto(`/concerts/${concertId}`);
  await tab.getByRole("button", { name: "Join again" }).click();
  await tab.getByRole("heading", { name: "It is your turn" }).waitFor();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  assert.equal(await page.getByText("The seats are yours").count(), 0);
  await visitor.close();
});

test("the next user of a tab sees nothing of the user before, without a reload", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId, "Former");
  await enter(page);
  await buySeat(page, 31);
  const former = await userOf(page);
  await page.getByRole("link", { name: "My tickets", exact: true }).click();
  await page.getByRole("img", { name: "Code of the ticket for seat 31" }).waitFor();
  await signOut(page);
  const kept = "[...Object.entries(localStorage), ...Object.entries(sessionStorage)].flat()";
  const left = (await page.evaluate(kept)) as string[];
  assert.ok(!left.join(" ").includes(former.userId), left.join(" "));
  await openBySteps(page, concertId);
  await page.getByLabel("Your name").fill("Next");
  const { mixed, users } = namedUsers(page);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await page.getByRole("link", { name: "My tickets", exact: true }).click();
  await page.getByText("No tickets yet").waitFor();
  await page.getByText("Signed in as Next").waitFor();
  assert.equal(await page.getByRole("img", { name: /^Code/ }).count(), 0);
  assert.equal(await page.getByText("₩1,000").count(), 0);
  await page.getByText("None yet.").first().waitFor();
  assert.deepEqual([mixed, users.has(former.userId)], [[], false]);
  await visitor.close();
});

test("another user who signs in in another tab ends the checkout of this one", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page, context } = visitor;
  await signUpAt(page, concertId, "First");
  await enter(page);
  await holdSeats(page, 41);
  const first = await userOf(page);
  const tab = await context.newPage();
  await tab.goto("/me");
  await signOut(tab);
  await page.getByLabel("Your name").waitFor();
  await openBySteps(tab, concertId);
  const { mixed, users } = namedUsers(page);
  await tab.getByLabel("Your name").fill("Second");
  await tab.getByRole("button", { name: "Sign up" }).click();
  await enter(tab);
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await page.getByRole("button", { name: "Choose seats" }).click();
  await seatOf(page, 41).waitFor();
  assert.equal(await page.getByRole("heading", { name: "Pay" }).count(), 0);
  await holdSeats(page, 42);
  await chargeMissing(page);
  await page.getByRole("button", { name: /^Pay / }).click();
  await page.getByRole("img", { name: "Code of the ticket for seat 42" }).waitFor();
  assert.deepEqual([mixed, users.has(first.userId)], [[], false]);
  await visitor.close();
});

test("a wish to join at the opening is the user's who had it", async () => {
  const opensAt = new Date(Date.now() + 3_600_000).toISOString();
  const { concertId } = await sale.onSale({ policy: { opensAt } });
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId, "Former");
  await page.getByText(/^This page joins for you/).waitFor();
  await signOut(page);
  const open = await sale.onSale();
  await page.goto(`/concerts/${open.concertId}`);
  await page.getByLabel("Your name").fill("Next");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await openBySteps(page, concertId);
  await page.getByRole("button", { name: "Join for me when it opens" }).waitFor();
  assert.equal(await page.getByText(/^This page joins for you/).count(), 0);
  await visitor.close();
});

/** Changes members of the session that the browser stores. */
const changeSession = async (page: Page, members: object): Promise<void> => {
  const session = JSON.stringify({ ...(await userOf(page)), ...members });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
};

const recoveryCodeOf = async (page: Page): Promise<string> =>
  (await page.locator(".recovery-code").textContent()) ?? "";

test("an ended session keeps the account, and the recovery code signs in again", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
  await sale.admitted(await sale.fan(), concertId);
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId, "Ha-neul");
  await page.getByRole("heading", { name: "Save your recovery code" }).waitFor();
  const code = await recoveryCodeOf(page);
  await inspect(visitor, "a recovery code in the line");
  await page.getByRole("link", { name: "My tickets", exact: true }).click();
  assert.equal(await recoveryCodeOf(page), code);
  await page.getByRole("button", { name: "I have saved it" }).click();
  await page.locator(".recovery-code").waitFor({ state: "detached" });
  const before = await userOf(page);
  await changeSession(page, { accessToken: "ended", refreshToken: "ended" });
  await page.reload();
  await page.getByRole("heading", { name: "Your session here has ended" }).waitFor();
  await page.getByText(before.userId).waitFor();
  assert.equal(await page.getByText("The server is busy").count(), 0);
  await inspect(visitor, "an ended session");
  await page.getByLabel("Recovery code").fill("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA");
  await page.getByRole("button", { name: "Sign in with the code" }).click();
  await page.getByText(/^This code is not valid/).waitFor();
  await page.getByLabel("Recovery code").fill(code.toLowerCase());
  await page.getByRole("button", { name: "Sign in with the code" }).click();
  await page.getByText("Signed in as Ha-neul").waitFor();
  const after = await userOf(page);
  assert.equal(after.userId, before.userId);
  assert.notEqual(await recoveryCodeOf(page), code);
  assert.deepEqual(visitor.consoleErrors, []);
  await visitor.close();
});

test("joining with an ended session keeps the account and says how to sign in", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, (await sale.onSale()).concertId);
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await page.getByRole("link", { name: "My tickets", exact: true }).click();
  const code = await recoveryCodeOf(page);
  const { userId } = await userOf(page);
  await changeSession(page, { accessToken: "ended", refreshToken: "ended" });
  await page.goto(`/concerts/${concertId}`);
  await page.getByRole("button", { name: "Join the line" }).click();
  await page.getByRole("heading", { name: "Your session here has ended" }).waitFor();
  assert.equal((await userOf(page)).userId, userId);
  // The fan has not saved the code yet, so this browser still has it.
  assert.equal(await page.getByLabel("Recovery code").inputValue(), code);
  await page.getByRole("button", { name: "Sign in with the code" }).click();
  await page.getByRole("button", { name: "Join the line" }).click();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  assert.equal((await userOf(page)).userId, userId);
  await visitor.close();
});

test("an access token that the server refuses is renewed, and the request goes on", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, (await sale.onSale()).concertId);
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await changeSession(page, { accessToken: "expired" });
  await page.goto(`/concerts/${concertId}`);
  await page.getByRole("button", { name: "Join the line" }).click();
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  assert.notEqual((await userOf(page)).accessToken, "expired");
  await changeSession(page, { renewAtMs: 0 });
  const due = await userOf(page);
  await page.goto("/me");
  await page.getByText("₩0").first().waitFor();
  // Two access tokens of the same second are equal.
  assert.notEqual((await userOf(page)).renewAtMs, due.renewAtMs);
  await visitor.close();
});

test("a link for another device signs in once, after a question, and never over an account", async () => {
  const { concertId } = await sale.onSale();
  const visitor = await openVisitor(browser, url);
  const { page } = visitor;
  await signUpAt(page, concertId, "Giver");
  await page.getByRole("heading", { name: "It is your turn" }).waitFor();
  await page.goto("/me");
  await page.getByRole("button", { name: "Use another device" }).click();
  await inspect(visitor, "the way to another device");
  const link = (await page.getByRole("link", { name: "Link" }).getAttribute("href")) ?? "";
  const { accessToken } = await userOf(page);
  assert.ok(!decodeURIComponent(link).includes(accessToken), link);

  const owner = await openVisitor(browser, url);
  await signUpAt(owner.page, concertId, "Owner");
  await owner.page.getByRole("heading", { name: "It is your turn" }).waitFor();
  const before = await userOf(owner.page);
  await owner.page.goto(link);
  await owner.page.getByText(/^This browser is signed in as Owner already/).waitFor();
  assert.equal((await userOf(owner.page)).userId, before.userId);

  const device = await openVisitor(browser, url);
  await device.page.goto(link);
  await device.page.getByRole("heading", { name: /^Sign in with the code/ }).waitFor();
  assert.equal(new URL(device.page.url()).hash, "");
  await inspect(device, "the question of a link");
  await device.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await device.page.getByText("Signed in as Giver").waitFor();
  const late = await openVisitor(browser, url);
  await late.page.goto(link);
  await late.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await late.page.getByText(/^This code was used or has expired/).waitFor();
  for (const one of [visitor, owner, device, late]) await one.close();
});
