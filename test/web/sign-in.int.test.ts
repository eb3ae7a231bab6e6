import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { eventually } from "#test/support/concurrency.ts";
import { faultsOf, openBrowser, openVisitor } from "#test/support/browser.ts";
import { signUpAt } from "#test/support/fan-at-browser.ts";
import { startIdentityProvider } from "#test/support/identity-provider.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The fan's pages sign in at an identity provider, with its code flow.

const provider = await startIdentityProvider({
  kim: { isVerified: true },
  lee: { isVerified: true },
  choi: { isVerified: false },
});
after(() => provider.close());
const deployment = await startDeployment({
  instances: 1,
  env: {
    ...provider.env,
    OIDC_REQUIRED_CLAIMS: "phone_number_verified=true",
    USERS_BUILT_IN: "true",
  },
});
after(() => deployment[Symbol.asyncDispose]());
const { url } = await deployment.add({ USERS_BUILT_IN: "false" });
provider.register(url);
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);

const visit = async (path: string, locale = "en-GB") => {
  const visitor = await openVisitor(browser, url, { locale });
  await visitor.page.goto(path);
  return visitor;
};

const waitingConcert = async (): Promise<string> => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1, admissionsPerMinute: 1 } });
  return concertId;
};

const continueAs = (page: Page, user: string) =>
  page.getByRole("link", { name: `Continue as ${user}` }).click();

const signInOnMe = async (page: Page, user: string): Promise<void> => {
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await continueAs(page, user);
  await page.getByText(`Signed in as ${user}`).waitFor();
};

const sessionOf = async (page: Page): Promise<Record<string, unknown>> => {
  const text = await page.evaluate("localStorage.getItem('frontrow.session')");
  return JSON.parse(String(text)) as Record<string, unknown>;
};

test("a fan signs in on the page of a concert, comes back to it and joins its queue", async (t) => {
  const concertId = await waitingConcert();
  const visitor = await visit(`/concerts/${concertId}`);
  t.after(visitor.close);
  const { page } = visitor;
  const addresses: string[] = [];
  page.on("framenavigated", (frame) => addresses.push(frame.url()));
  await page.getByRole("button", { name: "Sign in · Join the line" }).waitFor();
  assert.equal(await page.getByLabel("Your name").count(), 0, "no account is made here");
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole("button", { name: "Sign in · Join the line" }).click();
  await continueAs(page, "kim");
  await page.getByRole("button", { name: "Leave the line" }).waitFor();
  assert.equal(page.url(), `${url}/concerts/${concertId}`);
  assert.ok(addresses.some((address) => address.startsWith(`${url}/me?`)));
  for (const address of addresses) assert.doesNotMatch(address, /token|eyJ/);
  const stored = await page.evaluate("JSON.stringify(sessionStorage)");
  assert.doesNotMatch(String(stored), /verifier/, "the departure is forgotten");
  const { userId, accessToken, name } = await sessionOf(page);
  assert.equal(name, "kim at the provider");
  const me = await fetch(`${url}/api/v1/users/me`, {
    headers: { authorization: `Bearer ${String(accessToken)}` },
  });
  assert.equal(((await me.json()) as { userId: string }).userId, userId);
  await page.goBack();
  assert.doesNotMatch(page.url(), /code=/, "the history has no code");
  assert.deepEqual(visitor.consoleErrors, []);
});

test("a fan who does not agree is told so in Korean too, and goes back or tries again", async (t) => {
  const concertId = await waitingConcert();
  const visitor = await visit(`/concerts/${concertId}`, "ko-KR");
  t.after(visitor.close);
  const { page } = visitor;
  const signIn = page.getByRole("button", { name: /^로그인 · / });
  await signIn.click();
  await continueAs(page, "nobody");
  await page.getByRole("alert").filter({ hasText: "로그인을 마치지 않았어요" }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole("button", { name: "로그인하지 않고 돌아가기" }).click();
  await signIn.waitFor();
  assert.equal(page.url(), `${url}/concerts/${concertId}`);
  assert.deepEqual(visitor.consoleErrors, []);
});

test("a user without a required claim is told what may be missing, and another user can sign in", async (t) => {
  const visitor = await visit("/me");
  t.after(visitor.close);
  const { page } = visitor;
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await continueAs(page, "choi");
  await page.getByRole("alert").filter({ hasText: "does not accept your account" }).waitFor();
  assert.equal(await page.evaluate("localStorage.getItem('frontrow.session')"), null);
  assert.deepEqual(await faultsOf(page), []);
  await page.getByRole("button", { name: "Sign in as another user" }).click();
  await page.waitForURL(/prompt=login/);
  await continueAs(page, "kim");
  await page.getByText("Signed in as kim").waitFor();
});

test("an address of a return that this tab did not ask for signs no user in", async (t) => {
  const visitor = await visit("/me?code=stolen&state=guessed");
  t.after(visitor.close);
  const { page } = visitor;
  await page.getByRole("alert").filter({ hasText: "began in another tab" }).waitFor();
  assert.equal(page.url(), `${url}/me`);
  const asked = provider.state.tokenRequests.length;
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("link", { name: "Continue as kim" }).waitFor();
  const other = new URL(page.url());
  await page.goto(`${url}/me?code=stolen&state=${other.searchParams.get("state")?.slice(1)}`);
  await page.getByRole("alert").filter({ hasText: "began in another tab" }).waitFor();
  assert.equal(provider.state.tokenRequests.length, asked, "no code was sent on");
  assert.equal(await page.evaluate("localStorage.getItem('frontrow.session')"), null);
});

test("a code that the provider did not give is told as refused", async (t) => {
  const visitor = await visit("/me");
  t.after(visitor.close);
  const { page } = visitor;
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("link", { name: "Continue as kim" }).waitFor();
  const state = new URL(page.url()).searchParams.get("state") ?? "";
  await page.goto(`${url}/me?code=invented&state=${state}`);
  await page.getByRole("alert").filter({ hasText: "gave no valid answer" }).waitFor();
});

test("a session is renewed while it is used, and signing in again follows its end", async (t) => {
  provider.state.accessSeconds = 2;
  t.after(() => (provider.state.accessSeconds = 300));
  const visitor = await visit("/me");
  t.after(visitor.close);
  const { page } = visitor;
  await signInOnMe(page, "kim");
  const first = await sessionOf(page);
  await eventually("the session is renewed", async () => {
    await page.reload();
    await page.getByText("Signed in as kim").waitFor();
    return (await sessionOf(page))["accessToken"] === first["accessToken"] ? undefined : true;
  });
  assert.notEqual((await sessionOf(page))["refreshToken"], first["refreshToken"]);
  provider.forgetSessions();
  const ended = page.getByRole("heading", { name: "Your session here has ended" });
  await eventually(
    "the session ends",
    async () => {
      await page.reload();
      await page.getByRole("heading", { name: "My tickets" }).waitFor();
      return (await ended.isVisible()) || undefined;
    },
    1_000,
  );
  assert.equal(await page.getByLabel("Recovery code").count(), 0);
  provider.state.accessSeconds = 300;
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await continueAs(page, "kim");
  await page.getByText("Signed in as kim").waitFor();
  assert.equal((await sessionOf(page))["userId"], first["userId"]);
});

test("signing out forgets the user here and at the provider", async (t) => {
  const visitor = await visit("/me");
  t.after(visitor.close);
  const { page } = visitor;
  await signInOnMe(page, "lee");
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${url}/`);
  assert.equal(await page.evaluate("localStorage.getItem('frontrow.session')"), null);
  const [signOut] = provider.state.signOuts.slice(-1);
  assert.equal(signOut?.["client_id"], "fans");
  assert.match(signOut?.["id_token_hint"] ?? "", /^eyJ/);
});

test("while the provider is away the page says so, and signs in once it is back", async (t) => {
  t.after(() => (provider.state.isAway = false));
  const visitor = await visit("/me");
  t.after(visitor.close);
  const { page } = visitor;
  provider.state.isAway = true;
  const signIn = page.getByRole("button", { name: "Sign in", exact: true });
  await signIn.click();
  await page.getByRole("alert").filter({ hasText: "does not answer" }).waitFor();
  provider.state.isAway = false;
  await signInOnMe(page, "kim");
});

test("a user who has signed in in another tab meanwhile stays signed in", async (t) => {
  const own = deployment.instances[0]?.url ?? "";
  provider.register(own);
  const concertId = await waitingConcert();
  const visitor = await openVisitor(browser, own);
  t.after(visitor.close);
  const { page, context } = visitor;
  await page.goto("/me");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("link", { name: "Continue as kim" }).waitFor();
  const other = await context.newPage();
  await signUpAt(other, concertId, "Park");
  await other.getByRole("button", { name: "Leave the line" }).waitFor();
  const before = await sessionOf(other);
  await continueAs(page, "kim");
  await page.getByText("Signed in as Park").waitFor();
  assert.deepEqual(await sessionOf(page), before);
});

test("where accounts are made here too, both ways are offered", async (t) => {
  const own = deployment.instances[0]?.url ?? "";
  const concertId = await waitingConcert();
  const visitor = await openVisitor(browser, own);
  t.after(visitor.close);
  await visitor.page.goto(`/concerts/${concertId}`);
  await visitor.page.getByRole("button", { name: "Sign in · Join the line" }).waitFor();
  await visitor.page.getByLabel("Your name").fill("Kim");
  await visitor.page.keyboard.press("Enter");
  await visitor.page.getByRole("button", { name: "Leave the line" }).waitFor();
});
