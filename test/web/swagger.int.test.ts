import assert from "node:assert/strict";
import { after, test } from "node:test";
import { becomeBuyer } from "../../tools/screenshots/buyer.ts";
import { openDocs, type TryOutInput } from "../../tools/screenshots/docs-page.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { desk } from "#test/support/browser.ts";

// Swagger UI in a browser: the policy refuses nothing of it, nothing comes from another host, and calls can be
// tried with each kind of token.

process.env["CHROMIUM"] = process.env["TEST_CHROMIUM"] ?? process.env["CHROMIUM"] ?? "";
const deployment = await startDeployment({ instances: 1 });
const url = deployment.instances[0]?.url ?? "";
await openSale(deployment).onSale({ dates: [{ date: dateIn(20) }] });
const buyer = await becomeBuyer(url);
const docs = await openDocs(url, desk);
after(async () => {
  await docs.close();
  await deployment[Symbol.asyncDispose]();
});
const { userId, concertId, date, seatNumber } = buyer;
const tryAll = async (
  attempts: readonly (readonly [operationId: string, sending: TryOutInput, status: number])[],
): Promise<void> => {
  for (const [operationId, sending, status] of attempts)
    assert.equal((await docs.tryOut(operationId, sending)).status, status, operationId);
};

test("the page explains itself, and shows no logo or address bar of Swagger", async () => {
  const text = await docs.page.locator(".information-container").innerText();
  for (const word of ["Frontrow", "access token", "queue token", "Authorize"])
    assert.ok(text.includes(word), word);
  assert.equal(await docs.page.locator(".topbar").count(), 0);
  assert.equal(await docs.page.title(), "Frontrow");
});

test("without a token the open calls succeed and the others are refused", async () => {
  await tryAll([
    ["createUser", {}, 201],
    ["listConcerts", {}, 200],
    ["readReadiness", {}, 200],
    ["readBalance", { parameters: { userId } }, 401],
  ]);
});

test("with tokens given in Authorize, each call takes the token that it needs", async () => {
  await docs.page.reload();
  await docs.page.locator(".opblock").first().waitFor();
  const { accessToken, queueToken } = buyer;
  await docs.authorize({ accessToken, queueToken, operatorKey: deployment.operatorKey });
  await tryAll([
    ["chargeBalance", { parameters: { userId } }, 201],
    ["joinQueue", { parameters: { concertId } }, 200],
    ["readQueueStatus", { parameters: { concertId } }, 200],
    ["listSeats", { parameters: { concertId, date } }, 200],
    ["reserveSeats", { body: { date, seatNumbers: [seatNumber] } }, 201],
    ["readStats", { parameters: { concertId } }, 200],
  ]);
});

test("a reload forgets the tokens and the operator's key", async () => {
  await docs.page.reload();
  await docs.page.locator(".opblock").first().waitFor();
  assert.equal(await docs.page.locator(".auth-wrapper .authorize.unlocked").count(), 1);
  const { operatorKey } = deployment;
  const stored = await docs.page.evaluate(
    "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])",
  );
  assert.ok(typeof stored === "string" && !stored.includes(operatorKey));
});

test("the browser reports no error, no refused content and no other host", async () => {
  assert.deepEqual(docs.browserErrors, []);
});

test("an inline style is refused and reported", async () => {
  await docs.page.evaluate(
    "document.head.append(Object.assign(document.createElement('style'), { textContent: 'p{}' }))",
  );
  await docs.page.waitForTimeout(200);
  assert.match(docs.browserErrors.join("\n"), /style-src|inline style/);
});
