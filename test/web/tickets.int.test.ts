import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { create } from "qrcode";
import { faultsOf, inspect, openBrowser, openVisitor } from "#test/support/browser.ts";
import { readPdf } from "#test/support/pdf.ts";
import { smallHall } from "#test/support/halls.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, openDoor, ticketsOf } from "#test/support/tickets.ts";

// The tickets of a fan in the browser: their codes, the printed page, the PDF and the calendar file.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";

const onSale = await sale.onSale({ seatingPlan: smallHall });
const fan = await sale.fan({ balance: 10_000 });
await buy(sale, fan, onSale, [12, 13, 41]);
const tickets = await ticketsOf(sale, fan);

const openMine = async (locale = "en-US") => {
  const visitor = await openVisitor(browser, url, { locale });
  const { page } = visitor;
  await page.goto("/");
  const session = JSON.stringify({ ...fan, name: "Kim" });
  await page.evaluate(`localStorage.setItem("frontrow.session", ${JSON.stringify(session)})`);
  await page.goto("/me");
  return visitor;
};

/** The dark modules of a code, as the page draws them. */
const drawnAs = (text: string): string => {
  const { modules } = create(text, { errorCorrectionLevel: "M" });
  let path = "";
  for (let at = 0; at < modules.size ** 2; at += 1) {
    const [x, y] = [at % modules.size, Math.floor(at / modules.size)];
    if (modules.get(y, x)) path += `M${x} ${y}h1v1h-1z`;
  }
  return path;
};

test("each ticket shows its seat and its signed code, on a phone and in Korean", async () => {
  for (const [locale, nameOf] of [
    ["en-US", (seat: string) => `Code of the ticket for ${seat}`],
    ["ko-KR", (seat: string) => `${seat} 티켓 코드`],
  ] as const) {
    const visitor = await openMine(locale);
    const { page } = visitor;
    const seat = locale === "en-US" ? "Stalls, row B, seat 2" : "Stalls B열 2번";
    const code = page.getByRole("img", { name: nameOf(seat), exact: true });
    await code.waitFor();
    const ticket = tickets.find(({ seatNumber }) => seatNumber === 12);
    assert.equal(await code.locator("path").getAttribute("d"), drawnAs(ticket?.code ?? ""));
    await inspect(visitor, `tickets with codes, ${locale}`);
    assert.deepEqual(await faultsOf(page), []);
    await visitor.close();
  }
});

test("the printed page has the tickets, and neither the balance nor a button", async () => {
  const visitor = await openMine();
  const { page } = visitor;
  await page.getByRole("button", { name: "Print the tickets" }).waitFor();
  await page.emulateMedia({ media: "print" });
  await page.getByRole("img", { name: /^Code of the ticket for Balcony/ }).waitFor();
  for (const hidden of ["Print the tickets", "Use another device"])
    assert.equal(await page.getByText(hidden).isVisible(), false, hidden);
  assert.equal(await page.getByRole("heading", { name: "Balance" }).isVisible(), false);
  assert.equal(
    await page.getByRole("link", { name: "Add to calendar" }).first().isVisible(),
    false,
  );
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  await visitor.close();
});

test("the calendar file has the show and all seats of the fan there", async () => {
  const visitor = await openMine();
  const { page } = visitor;
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Add to calendar" }).first().click(),
  ]);
  assert.equal(download.suggestedFilename(), `${onSale.dates[0]}.ics`);
  const text = readFileSync(await download.path(), "utf8").replaceAll("\r\n ", "");
  assert.match(text, /\r\nSUMMARY:Proof\r\n/);
  const start = `DTSTART:${onSale.dates[0]?.replaceAll("-", "")}T190000Z`;
  assert.ok(text.includes(start), text);
  assert.match(text, /DESCRIPTION:.*Balcony.*Stalls.*/);
  await visitor.close();
});

const saved = async (visitor: Awaited<ReturnType<typeof openMine>>, button: string) => {
  const [download] = await Promise.all([
    visitor.page.waitForEvent("download"),
    visitor.page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  assert.equal(download.suggestedFilename(), `tickets-${onSale.dates[0]}.pdf`);
  return readPdf(readFileSync(await download.path()));
};

test("the PDF of all tickets has a page each, with its seat in Korean as text, and its code", async () => {
  const visitor = await openMine("ko-KR");
  const pages = await saved(visitor, "티켓 모두 PDF로 저장");
  assert.deepEqual(
    pages.map(({ code }) => code),
    tickets.map(({ code }) => code),
  );
  const places = ["Stalls B열 2번", "Stalls B열 3번", "Balcony A열 1번"];
  for (const place of places)
    assert.equal(pages.filter(({ text }) => text.includes(place)).length, 1, place);
  assert.deepEqual([visitor.consoleErrors, visitor.otherHosts], [[], []]);
  await visitor.close();
});

test("the PDF of one ticket has its page alone, and a failure to make it is told", async () => {
  const visitor = await openMine();
  const { page } = visitor;
  await page.route(/\.ttf$/, (route) => route.abort());
  const button = "Save as PDF: Stalls, row B, seat 2";
  await page.getByRole("button", { name: button }).click();
  await page.getByText("The PDF could not be made. Try again.").waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await page.unroute(/\.ttf$/);
  const pages = await saved(visitor, button);
  const ticket = tickets.find(({ seatNumber }) => seatNumber === 12);
  assert.deepEqual(
    pages.map(({ code }) => code),
    [ticket?.code],
  );
  assert.match(pages[0]?.text ?? "", /Proof[^]*Stalls, row B, seat 2/);
  await visitor.close();
});

test("a ticket that a door has admitted says so in place of its code", async () => {
  const ticket = tickets.find(({ seatNumber }) => seatNumber === 13);
  await openDoor(sale, onSale)({ code: ticket?.code });
  const visitor = await openMine();
  const { page } = visitor;
  await page.getByText("Used at the door").waitFor();
  const codes = page.getByRole("img", { name: /^Code of the ticket/ });
  assert.equal(await codes.count(), 2);
  await inspect(visitor, "a used ticket");
  await visitor.close();
});
