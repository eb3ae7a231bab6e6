import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { race, sleep, times } from "#test/support/concurrency.ts";
import { succeeded } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, openDoor, ticketsOf, type CheckIn } from "#test/support/tickets.ts";
import { exactlyWon } from "./checkers.ts";

// Doors that scan the same tickets at once, on three processes. Control: checkers.test.ts.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

const onSale = await sale.onSale({ policy: { maxSeatsPerUser: 50, maxSeatsPerReservation: 50 } });
const fan = await sale.fan({ balance: 100_000 });
await buy(
  sale,
  fan,
  onSale,
  times(40, (n) => n + 1),
);
const tickets = await ticketsOf(sale, fan);
const scanAt = openDoor(sale, onSale);

/** Each ticket of the answers was admitted once, and every other answer names that admission. */
const assertAdmittedOnce = (answers: readonly CheckIn[]): void => {
  for (const [ticketId, own] of Map.groupBy(answers, (it) => it.ticket?.ticketId ?? "")) {
    const verdicts = own.map((it) => (it.result === "ADMITTED" ? "201" : it.result));
    assert.deepEqual(exactlyWon(verdicts, 1, ["ALREADY_USED"]), [], ticketId);
    assert.equal(new Set(own.map((it) => `${it.usedAt} ${it.gate}`)).size, 1, ticketId);
  }
};

test("20 scans a second of the same tickets on three instances admit each ticket once", async () => {
  const scanned = tickets.slice(0, 10);
  const sent: Promise<CheckIn>[] = [];
  for (const round of times(40, (n) => n)) {
    const { code } = scanned[round % scanned.length] ?? {};
    const gate = `Gate ${round}`;
    sent.push(
      scanAt({ code, gate }, round % 3),
      scanAt({ code, gate: `${gate}b` }, (round + 1) % 3),
    );
    await sleep(100);
  }
  const answers = await Promise.all(sent);
  assert.equal(new Set(answers.map((it) => it.ticket?.ticketId)).size, scanned.length);
  assertAdmittedOnce(answers);
});

test("sixty scans of one ticket at once admit it once", async () => {
  const { code } = tickets[10] ?? {};
  const answers = await race(times(60, (n) => () => scanAt({ code, gate: String(n) }, n % 3)));
  assertAdmittedOnce(answers);
});

test("lists of two doors that were offline, in opposite orders at once: each ticket is admitted once, none deadlocks", async () => {
  const some = tickets.slice(11, 40);
  const listOf = (codes: readonly { code: string | null }[], gate: string) => ({
    items: codes.map(({ code }) => ({
      checkInId: randomUUID(),
      concertId: onSale.concertId,
      date: onSale.dates[0],
      code,
      gate,
    })),
  });
  const answers = await race(
    times(6, (n) => async () => {
      const body = listOf(n % 2 === 0 ? some : some.toReversed(), `Gate ${n}`);
      const answer = await sale.admin("POST", "/check-ins", body, n % 3);
      return succeeded<{ items: CheckIn[] }>(answer, 200).items;
    }),
  );
  assertAdmittedOnce(answers.flat());
  assert.equal(answers.flat().length, 6 * some.length);
});

test("a scan that is sent twenty times at once is recorded once, with one answer", async () => {
  const other = await sale.onSale();
  await buy(sale, fan, other, [1]);
  const [ticket] = await ticketsOf(sale, fan);
  const scan = openDoor(sale, other);
  for (const code of [ticket?.code, "no ticket"]) {
    const checkInId = randomUUID();
    const answers = await race(times(20, (n) => () => scan({ code, checkInId }, n % 3)));
    assert.equal(new Set(answers.map((it) => JSON.stringify(it))).size, 1);
    assert.equal(answers[0]?.result, code === "no ticket" ? "INVALID" : "ADMITTED");
    const rows = await deployment.sql("select from check_in where check_in_id = $1", [checkInId]);
    assert.equal(rows.length, 1);
  }
});

test("after these races the books are in order", async () => {
  await sweep(deployment.sql);
});
