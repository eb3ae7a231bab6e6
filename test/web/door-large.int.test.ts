import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openBrowser } from "#test/support/browser.ts";
import { succeeded } from "#test/support/client.ts";
import { openGate, openScanner } from "#test/support/door-at-browser.ts";
import { hallOf } from "#test/support/halls.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { showToCamera } from "#test/support/scanner.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, ticketsOf } from "#test/support/tickets.ts";

// The door of a hall with 25,000 tickets, on a phone and without a network.

const doorKey = "door-key-of-the-tests-0123456789abcdef";
const deployment = await startDeployment({
  instances: 1,
  env: { OPERATOR_KEYS: `door-1:door:${doorKey}` },
});
after(() => deployment[Symbol.asyncDispose]());
const browser = await openBrowser();
after(() => browser.close());
const sale = openSale(deployment);
const url = deployment.instances[0]?.url ?? "";
const seats = 25_000;

/** A hall whose first seat is bought by a fan, and whose others got tickets of the same payment, with ids of now. */
const soldOut = async () => {
  const onSale = await sale.onSale({ dates: [{ date: dateIn(20) }], seatingPlan: hallOf(25) });
  const fan = await sale.fan({ balance: 10_000 });
  await buy(sale, fan, onSale, [1]);
  const [ticket] = await ticketsOf(sale, fan);
  await deployment.sql(
    `insert into ticket (ticket_id, payment_id, user_id, concert_id, date, seat_number)
      select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0')
          || '7000' || '8' || substr(md5(n::text), 1, 15))::uuid,
        payment_id, user_id, concert_id, date, n
      from ticket, generate_series(2, $2::int) n where ticket_id = $1`,
    [ticket?.ticketId, seats],
  );
  return { onSale, code: ticket?.code ?? "" };
};

const sold = await soldOut();

test("the list of 25,000 tickets is read in pages of 1,000, each ticket once, in at most 90 bytes", async (t) => {
  const { concertId, dates } = sold.onSale;
  const path = `/concerts/${concertId}/dates/${dates[0]}/check-in-list`;
  const ids = new Set<string>();
  let [cursor, pages]: [string | null, number] = ["", 0];
  const startMs = performance.now();
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `?cursor=${cursor}`;
    const answer = await sale.admin("GET", `${path}${query}`);
    const page = succeeded<{ items: { ticketId: string }[]; nextCursor: string | null }>(
      answer,
      200,
    );
    for (const { ticketId } of page.items) ids.add(ticketId);
    cursor = page.nextCursor;
    pages += 1;
  }
  assert.deepEqual([ids.size, pages], [seats, 25]);
  t.diagnostic(`${Math.round(performance.now() - startMs)} ms for ${pages} pages`);
  const compressed = await fetch(`${url}/admin/v1${path}`, {
    headers: { authorization: `Bearer ${doorKey}`, "accept-encoding": "gzip" },
  });
  await compressed.body?.cancel();
  const bytes = Number(compressed.headers.get("content-length"));
  t.diagnostic(`${bytes} bytes a page with gzip`);
  assert.equal(compressed.headers.get("content-encoding"), "gzip");
  assert.ok(bytes > 10_000 && bytes < 90_000, String(bytes));
});

test("a phone keeps 25,000 tickets, finds one, and admits without a network after a reload", async (t) => {
  const scanner = await openScanner(browser, url, doorKey);
  const { page, answer, context } = scanner;
  page.setDefaultTimeout(60_000);
  const startMs = performance.now();
  await openGate(scanner, sold.onSale.concertId, "North");
  await page.getByText("0 of 25,000 admitted").waitFor();
  t.diagnostic(`${Math.round(performance.now() - startMs)} ms to open the door`);
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await context.setOffline(true);
  await page.reload();
  await page.getByText("0 of 25,000 admitted").waitFor();
  await page.getByLabel("Search by name or seat").fill("block 25 t 50");
  await page.getByRole("button", { name: "Admit Block 25, row T, seat 50" }).click();
  await answer.getByText("Admitted", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Start the camera" }).click();
  await showToCamera(page, sold.code);
  await answer.getByText("Block 1, row A, seat 1").waitFor();
  await page.getByText("2 of 25,000 admitted").waitFor();
  await context.setOffline(false);
  await page.getByText("0 unsent").waitFor();
  assert.deepEqual(scanner.consoleErrors, []);
  await scanner.close();
});
