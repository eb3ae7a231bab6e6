import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { openGate, openScanner } from "#test/support/door-at-browser.ts";
import { smallHall } from "#test/support/halls.ts";
import { consoleOpener } from "#test/support/operator-at-browser.ts";
import { dateIn, openSale, type OnSale } from "#test/support/sale.ts";
import { showToCamera, writeFilm } from "#test/support/scanner.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, openDoor, ticketsOf, type HeldTicket } from "#test/support/tickets.ts";

// The door page on a phone: the camera, the answers, the roles. Without a network: door-offline.int.test.ts.

const roles = ["door", "viewer"] as const;
const keyOf = (role: string): string => `${role}-key-of-the-tests-0123456789abcdef`;
const deployment = await startDeployment({
  instances: 1,
  env: { OPERATOR_KEYS: roles.map((role) => `${role}-1:${role}:${keyOf(role)}`).join(",") },
});
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const soldTo = async (seatNumbers: readonly number[]) => {
  const onSale = await sale.onSale({ dates: [{ date: dateIn(20) }], seatingPlan: smallHall });
  const fan = await sale.fan({ balance: 10_000 });
  await buy(sale, fan, onSale, seatNumbers);
  const tickets = await ticketsOf(sale, fan);
  return { onSale, tickets: tickets.toReversed() };
};

const openAt = async (onSale: OnSale, gate: string, locale = "en-GB") => {
  const scanner = await openScanner(browser, url, keyOf("door"), { locale });
  await openGate(scanner, onSale.concertId, gate);
  return scanner;
};

const startCamera = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "Start the camera" }).click();

test("a code before the camera is admitted once, with its seat, in large letters", async () => {
  const { onSale, tickets } = await soldTo([12, 13]);
  const [ticket] = tickets as [HeldTicket];
  const scanner = await openAt(onSale, "North");
  const { page, answer } = scanner;
  await page.getByText("0 of 2 admitted").waitFor();
  await startCamera(page);
  await page.getByText("Hold a code before the camera.").waitFor();
  await inspect(scanner, "an open door");
  await showToCamera(page, ticket.code);
  await answer.getByText("Admitted", { exact: true }).waitFor();
  await answer.getByText("Stalls, row B, seat 2").waitFor();
  await page.getByText("1 of 2 admitted").waitFor();
  assert.equal(await page.getByText("Checked without the server").count(), 0);
  await inspect(scanner, "an admitted ticket");
  // The same code stays before the camera, is taken away, and comes back.
  await showToCamera(page, null);
  await page.waitForTimeout(3_500);
  await showToCamera(page, ticket.code);
  await answer.getByText("Already used").waitFor();
  await answer.getByText(/^Admitted at \d\d:\d\d, door North\.$/).waitFor();
  await inspect(scanner, "a used ticket at the door");
  await scanner.close();
});

test("each refusal says its reason, in both languages", async () => {
  const { onSale, tickets } = await soldTo([12, 13]);
  const [one, voided] = tickets as [HeldTicket, HeldTicket];
  const { tickets: foreign } = await soldTo([14]);
  await deployment.sql("update ticket set status = 'VOID' where ticket_id = $1", [voided.ticketId]);
  const scanner = await openAt(onSale, "South");
  const { page, answer } = scanner;
  await startCamera(page);
  for (const [code, word, reason] of [
    ["https://example.org/", "No ticket", "This server has not signed the code."],
    [foreign[0]?.code ?? "", "Another show", "It is not in the list of this show."],
    [voided.code ?? "", "Not valid", /^It was refunded/],
    [one.code ?? "", "Admitted", "Stalls, row B, seat 2"],
  ] as const) {
    await showToCamera(page, code);
    await answer.getByText(word, { exact: true }).waitFor();
    await answer.getByText(reason).waitFor();
  }
  await page.getByRole("button", { name: "한국어" }).click();
  await answer.getByText("입장", { exact: true }).waitFor();
  await showToCamera(page, voided.code);
  await answer.getByText("무효").waitFor();
  await inspect(scanner, "a refused ticket in Korean");
  await scanner.close();
});

test("a holder without a code is found by seat and admitted", async () => {
  const { onSale } = await soldTo([12, 41]);
  const scanner = await openAt(onSale, "");
  const { page, answer } = scanner;
  await page.getByLabel("Search by name or seat").fill("balcony");
  await page.getByRole("button", { name: /^Admit Balcony/ }).waitFor();
  await inspect(scanner, "a search at the door");
  await page.getByRole("button", { name: /^Admit Balcony/ }).click();
  await answer.getByText("Admitted", { exact: true }).waitFor();
  await page.getByRole("listitem").getByText("Admitted").waitFor();
  await page.getByText("1 of 2 admitted").waitFor();
  await scanner.close();
});

test("the page reads the film of Chromium's own camera", async () => {
  const { onSale, tickets } = await soldTo([12]);
  const folder = mkdtempSync(join(tmpdir(), "frontrow-film-"));
  after(() => rmSync(folder, { recursive: true }));
  const film = join(folder, "code.y4m");
  writeFilm(film, tickets[0]?.code ?? "");
  await using filming = await openBrowser([
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${film}`,
  ]);
  const visitor = await openVisitor(filming, url);
  const { page } = visitor;
  await page.goto("/door");
  await page.getByLabel("Operator key").fill(keyOf("door"));
  await page.getByRole("button", { name: "Open the door page" }).click();
  await openGate(visitor, onSale.concertId, "East");
  await startCamera(page);
  await page.locator(".answer").getByText("Admitted", { exact: true }).waitFor();
  await page.locator(".answer").getByText("Stalls, row B, seat 2").waitFor();
  assert.deepEqual(visitor.consoleErrors, []);
  // The same camera is refused to every other page of the server.
  for (const path of ["/", "/console", "/docs"]) {
    await page.goto(path);
    const refusal = await page.evaluate(
      "navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', (it) => it.name)",
    );
    assert.equal(refusal, "NotAllowedError", path);
  }
  await visitor.close();
});

test("a camera that the browser refuses leaves the search", async () => {
  const { onSale } = await soldTo([12]);
  const scanner = await openAt(onSale, "North");
  const { page } = scanner;
  await page.evaluate("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error())");
  await startCamera(page);
  await page.getByText(/^The browser gives no camera/).waitFor();
  await page.getByLabel("Search by name or seat").fill("stalls");
  await page.getByRole("button", { name: /^Admit Stalls/ }).waitFor();
  await scanner.close();
});

test("a viewer may not open a door, and a key that the server does not know opens nothing", async () => {
  const viewer = await openScanner(browser, url, keyOf("viewer"));
  await viewer.page.getByText("The role of this key may not admit at a door.").waitFor();
  assert.equal(await viewer.page.getByRole("button", { name: "Open the door" }).count(), 0);
  await inspect(viewer, "a door for a viewer");
  await viewer.close();
  const stranger = await openScanner(browser, url, "unknown-key-0123456789abcdefghij");
  await stranger.page.getByText("This server does not know the key.").waitFor();
  await inspect(stranger, "the sign-in of the door");
  await stranger.close();
});

test("a second tab of a browser waits for the first", async () => {
  const scanner = await openScanner(browser, url, keyOf("door"));
  await scanner.page.getByRole("heading", { name: "Choose the show" }).waitFor();
  await inspect(scanner, "the choice of a show");
  const second = await scanner.context.newPage();
  await second.goto("/door");
  await second.getByText(/^The door is open in another tab/).waitFor();
  await scanner.page.close();
  await second.getByLabel("Operator key").waitFor();
  await scanner.close();
});

test("the console leads those who may check in to the door, with the same key", async () => {
  const open = consoleOpener(browser, url, keyOf("door"));
  const visitor = await open("/console");
  await visitor.page.getByRole("link", { name: "Door" }).click();
  await visitor.page.getByRole("heading", { name: "Choose the show" }).waitFor();
  await visitor.close();
  const viewer = await consoleOpener(browser, url, keyOf("viewer"))("/console");
  await viewer.page.getByText("viewer-1 ·").waitFor();
  assert.equal(await viewer.page.getByRole("link", { name: "Door" }).count(), 0);
  await viewer.close();
});

test("an address below the door names no page", async () => {
  const visitor = await openVisitor(browser, url);
  const answer = await visitor.page.goto("/door/north");
  assert.equal(answer?.status(), 404);
  await visitor.page.getByText("There is no such page.").waitFor();
  await visitor.close();
});

test("a browser without Ed25519 in WebCrypto reads codes without the server too", async () => {
  const { onSale, tickets } = await soldTo([12, 13]);
  const scanner = await openAt(onSale, "North");
  const { page, answer, context } = scanner;
  await page.evaluate(
    "crypto.subtle.importKey = () => Promise.reject(new DOMException('none', 'NotSupportedError'))",
  );
  await startCamera(page);
  await context.setOffline(true);
  await showToCamera(page, tickets[0]?.code ?? "");
  await answer.getByText("Admitted", { exact: true }).waitFor();
  await answer.getByText("Checked without the server").waitFor();
  const last = tickets[1]?.code ?? "";
  const forged = `${last.slice(0, -2)}${last.endsWith("AA") ? "QA" : "AA"}`;
  await showToCamera(page, forged);
  await answer.getByText("No ticket").waitFor();
  await scanner.close();
});

test("tickets that other doors have admitted are counted once the list is read again", async () => {
  const { onSale, tickets } = await soldTo([12, 13]);
  await openDoor(sale, onSale)({ code: tickets[0]?.code, gate: "West" });
  const scanner = await openAt(onSale, "North");
  await scanner.page.getByText("1 of 2 admitted").waitFor();
  await scanner.close();
});
