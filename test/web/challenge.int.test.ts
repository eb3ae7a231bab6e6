import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { faultsOf, inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { solveProof } from "#test/support/solve-proof.ts";

// The fan's pages where the operator has set a challenge.

const deployment = await startDeployment({
  instances: 1,
  env: { CHALLENGE: "pow", CHALLENGE_COST: "40" },
});
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const visit = async (concertId: string, locale = "en-GB", at = url) => {
  const visitor = await openVisitor(browser, at, { locale });
  await visitor.page.goto(`/concerts/${concertId}`);
  return visitor;
};

/** Fills the queue's one slot, so that the next fan waits. */
const fullSale = async (): Promise<string> => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1, admissionsPerMinute: 1 } });
  return concertId;
};

const liveText = (page: Page) => page.locator("p[aria-live=polite]").textContent();

test("a fan signs up and joins with the keyboard while a worker solves the checks", async (t) => {
  const concertId = await fullSale();
  const visitor = await visit(concertId);
  t.after(visitor.close);
  const { page } = visitor;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const workers: string[] = [];
  page.on("worker", (worker) => workers.push(worker.url()));
  await page.route("**/api/v1/challenge", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByLabel("Your name").fill("Kim");
  assert.deepEqual(workers, []);
  await page.keyboard.press("Enter");
  const note = page.getByText("Your browser is working on a check").first();
  await note.waitFor();
  assert.match((await liveText(page)) ?? "", /working on a check/);
  await inspect(visitor, "the check");
  release();
  await page.getByRole("button", { name: "Leave the line" }).waitFor();
  assert.equal(workers.length, 2, "one proof for the account and one for the place");
  assert.doesNotMatch((await liveText(page)) ?? "", /working on a check/);
  assert.deepEqual(visitor.consoleErrors, []);
});

test("the check speaks Korean, and a check that fails gets words and can be tried again", async (t) => {
  const concertId = await fullSale();
  const visitor = await openVisitor(browser, url, { locale: "ko-KR" });
  t.after(visitor.close);
  const { page } = visitor;
  await page.addInitScript("window.OwnWorker = Worker; window.Worker = function () { throw 1 }");
  await page.goto(`/concerts/${concertId}`);
  await page.getByLabel("이름").fill("김하늘");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "브라우저 확인에 실패했어요" }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.evaluate("window.Worker = window.OwnWorker");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "줄에서 나가기" }).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
});

test("a fan who has a place gets it on another device without a check", async (t) => {
  const concertId = await fullSale();
  const visitor = await visit(concertId);
  t.after(visitor.close);
  const { page } = visitor;
  await page.getByLabel("Your name").fill("Kim");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Leave the line" }).waitFor();
  const session = await page.evaluate("localStorage.getItem('frontrow.session')");
  const other = await openVisitor(browser, url);
  t.after(other.close);
  const asked: string[] = [];
  other.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await other.page.goto("/");
  await other.page.evaluate(`localStorage.setItem('frontrow.session', ${JSON.stringify(session)})`);
  await other.page.goto(`/concerts/${concertId}`);
  await other.page.getByRole("button", { name: "Join the line" }).click();
  await other.page.getByRole("button", { name: "Leave the line" }).waitFor();
  assert.ok(!asked.includes("/api/v1/challenge"));
});

test("a fan whom the organiser's check refuses enters a code, for the account and the place", async (t) => {
  const hook = createServer((incoming, outgoing) => {
    let text = "";
    incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
    incoming.on("end", () => {
      const { response } = JSON.parse(text) as { response: string | null };
      outgoing.writeHead(response === "SEAT-CLUB" ? 204 : 403).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  t.after(() => hook.close());
  const hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  const { url: at } = await deployment.add({ CHALLENGE: "hook", CHALLENGE_HOOK_URL: hookUrl });
  const concertId = await fullSale();
  const visitor = await visit(concertId, "en-GB", at);
  t.after(visitor.close);
  const { page } = visitor;
  await page.getByLabel("Your name").fill("Kim");
  await page.keyboard.press("Enter");
  const refusal = page.getByRole("alert").filter({ hasText: "check did not let you in" });
  await refusal.waitFor();
  await inspect(visitor, "the code of the organiser");
  for (const code of ["WRONG", "SEAT-CLUB"]) {
    await page.getByLabel("Code from the organiser").fill(code);
    await page.keyboard.press("Enter");
    if (code === "WRONG") await refusal.waitFor();
  }
  await page.getByRole("button", { name: "Leave the line" }).waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
});

test("control: solving outside of a browser makes an account too", async () => {
  const challenge = (await (await fetch(`${url}/api/v1/challenge`)).json()) as {
    proof: Parameters<typeof solveProof>[0];
  };
  const answer = await fetch(`${url}/api/v1/users`, {
    method: "POST",
    headers: { "challenge-response": await solveProof(challenge.proof) },
  });
  assert.equal(answer.status, 201);
});
