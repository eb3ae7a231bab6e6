import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { succeeded, tally, verdict, type Answer } from "#test/support/client.ts";
import { mapConcurrently, race, times } from "#test/support/concurrency.ts";
import { sweep } from "#test/support/invariants.ts";
import { freeRefunds, refund, refundAsOperator, type Refund } from "#test/support/refunds.ts";
import { openSale, patiently, type Fan, type Payment } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, claim, offer, openDoor, type Transfer } from "#test/support/tickets.ts";
import { eitherOr, exactlyWon, oneIntent } from "./checkers.ts";

// Refunds against each other, doors and buyers, on three processes. Controls: checkers.test.ts.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const token = deployment.operatorKey;
const policy = {
  refunds: freeRefunds,
  transfers: { until: 1, perTicket: 10 },
  maxSeatsPerUser: 50,
  maxSeatsPerReservation: 50,
};

const ids = ({ tickets }: Payment): string[] => tickets.map(({ ticketId }) => ticketId);

/** A sale with a buyer of seats 1 to `count`, in one payment. */
const bought = async (count: number) => {
  const onSale = await sale.onSale({ policy });
  const fan = await sale.fan({ balance: 100_000 });
  const seatNumbers = times(count, (n) => n + 1);
  return { onSale, fan, payment: await buy(sale, fan, onSale, seatNumbers) };
};

test("twenty refunds of one payment at once, by the buyer and operators with keys of their own: one refunds it", async () => {
  const { onSale, fan, payment } = await bought(2);
  const { concertId } = onSale;
  const paymentIds = [payment.paymentId];
  const answers = await race(
    times(
      20,
      (n) => () =>
        n % 4 === 0
          ? refundAsOperator(sale, { concertId, token }, { paymentIds }, { on: n % 3 })
          : refund(sale, fan, payment.paymentId, { on: n % 3 }),
    ),
  );
  assert.deepEqual(exactlyWon(answers.map(verdict), 1, ["409 NOT_REFUNDABLE"]), []);
  assert.equal(await sale.balanceOf(fan), 100_000);
});

test("one key twenty times on three instances refunds once and returns the same bytes", async () => {
  const { onSale, fan, payment } = await bought(2);
  const { concertId } = onSale;
  const [first, second] = ids(payment);
  const keyed = (answers: readonly Answer[]) =>
    answers.map((it) => ({ verdict: verdict(it), text: it.text }));
  const [mine, theirs] = [randomUUID(), randomUUID()];
  const body = { ticketIds: [first] };
  const byBuyer = await race(
    times(20, (n) => () => refund(sale, fan, payment.paymentId, { body, key: mine, on: n % 3 })),
  );
  assert.deepEqual(oneIntent(keyed(byBuyer)), []);
  const byOperator = await race(
    times(
      20,
      (n) => () =>
        refundAsOperator(
          sale,
          { concertId, token },
          { ticketIds: [second] },
          { key: theirs, on: n % 3 },
        ),
    ),
  );
  assert.deepEqual(oneIntent(keyed(byOperator)), []);
  assert.equal(await sale.balanceOf(fan), 100_000);
});

test("overlapping refunds in opposite orders by operators: each ticket is refunded once, none deadlocks", async () => {
  const { onSale, fan, payment } = await bought(40);
  const { concertId } = onSale;
  const tickets = ids(payment);
  const answers = await race(
    times(9, (n) => () => {
      const part = tickets.slice(n * 4, n * 4 + 8);
      const ticketIds = n % 2 === 0 ? part : part.toReversed();
      return refundAsOperator(sale, { concertId, token }, { ticketIds }, { on: n % 3 });
    }),
  );
  // Nothing is left for a request whose tickets its neighbours have refunded.
  const refunds = answers.flatMap((answer) => {
    if (verdict(answer) === "409 NOT_REFUNDABLE") return [];
    return succeeded<{ refunds: Refund[] }>(answer, 201).refunds;
  });
  const refunded = refunds.flatMap(({ ticketIds }) => ticketIds);
  assert.equal(refunded.length, 40);
  assert.equal(new Set(refunded).size, 40);
  assert.equal(await sale.balanceOf(fan), 100_000);
});

test("refund against check-in: the ticket is refunded and opens no door, or is used and not refundable", async () => {
  const { onSale, fan, payment } = await bought(30);
  const scanAt = openDoor(sale, onSale);
  const pairs = await mapConcurrently(ids(payment), 4, async (ticketId, n) => {
    const [refunded, scanned] = await race<string>([
      async () =>
        verdict(
          await refund(sale, fan, payment.paymentId, {
            body: { ticketIds: [ticketId] },
            on: n % 3,
          }),
        ),
      async () => (await scanAt({ ticketId }, (n + 1) % 3)).result,
    ]);
    return [refunded ?? "", scanned ?? ""] as const;
  });
  assert.deepEqual(eitherOr(pairs, ["201 & VOID", "409 NOT_REFUNDABLE & ADMITTED"]), []);
});

test("refund against claim: the buyer gets the money, or the recipient the ticket", async () => {
  const { fan, payment } = await bought(20);
  const recipient = await sale.fan();
  const pairs = await mapConcurrently(ids(payment), 4, async (ticketId, n) => {
    const offered = succeeded<Transfer>(await offer(sale, fan, ticketId), 201);
    const body = { ticketIds: [ticketId] };
    const [refunded = "", claimed = ""] = await race([
      async () => verdict(await refund(sale, fan, payment.paymentId, { body, on: n % 3 })),
      async () =>
        verdict(await patiently(() => claim(sale, recipient, offered.claim, (n + 1) % 3))),
    ]);
    return [refunded, claimed] as const;
  });
  const allowed = ["201 & 404 TRANSFER_NOT_FOUND", "409 NOT_REFUNDABLE & 200"];
  assert.deepEqual(eitherOr(pairs, allowed), []);
});

test("a seat that is refunded and sold again at that moment, again and again, has one owner, and the books agree", async () => {
  const onSale = await sale.onSale({ policy });
  const seat = { date: onSale.dates[0] ?? "", seatNumbers: [7] };
  const fans = await sale.fans(6, { balance: 10_000 });
  const tryToBuy = async (fan: Fan, on: number): Promise<Payment | null> => {
    const place = await sale.admitted(fan, onSale.concertId);
    const held = await sale.reserve(place, seat, { on });
    if (held.status !== 201) {
      assert.match(verdict(held), /^409 SEAT_UNAVAILABLE$/);
      succeeded(await sale.leave(place), 204);
      return null;
    }
    const { reservationId } = succeeded<{ reservationId: string }>(held, 201);
    return succeeded<Payment>(await sale.pay(place, reservationId), 201);
  };
  const sold = await race(
    fans.map((fan, n) => async () => {
      let count = 0;
      for (let round = 0; round < 6; round += 1) {
        const payment = await tryToBuy(fan, n % 3);
        if (payment === null) continue;
        succeeded(await refund(sale, fan, payment.paymentId, { on: n % 3 }), 201);
        count += 1;
      }
      return count;
    }),
  );
  assert.ok(
    sold.reduce((sum, count) => sum + count, 0) > 0,
    JSON.stringify(tally(sold.map(String))),
  );
  for (const fan of fans) assert.equal(await sale.balanceOf(fan), 10_000);
});

test("payments, charges and refunds of one wallet at once: no entry is lost", async () => {
  const { onSale, fan, payment } = await bought(10);
  const other = await sale.onSale({ policy });
  const place = await sale.admitted(fan, other.concertId);
  const held = await sale.reserved(place, { date: other.dates[0] ?? "", seatNumbers: [1] });
  const refunds = ids(payment).map(
    (ticketId, n) => () =>
      refund(sale, fan, payment.paymentId, { body: { ticketIds: [ticketId] }, on: n % 3 }),
  );
  const charges = times(10, (n) => () => sale.charge(fan, 5, { key: randomUUID(), on: n % 3 }));
  const answers = await race([
    ...refunds,
    ...charges,
    () => sale.pay(place, held.reservationId, { on: 2 }),
  ]);
  assert.deepEqual(tally(answers.map(verdict)), { "201": 21 });
  assert.equal(await sale.balanceOf(fan), 100_000 + 50 - onSale.price);
});

test("after these races the books are in order", async () => {
  await sweep(deployment.sql);
});
