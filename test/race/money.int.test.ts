import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { succeeded, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, patiently, type Placed, type Reservation } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { mapConcurrently, isOverloaded, sleep, race, times } from "#test/support/concurrency.ts";
import { eitherOr, exactlyWon, oneIntent, oneOwner, type Deadline } from "./checkers.ts";

// Keys, money and deadlines under a start gate, on three processes. Controls: checkers.test.ts.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const day = dateIn(20);

interface Holder {
  readonly place: Placed;
  readonly held: Reservation;
}

const holders = async (
  count: number,
  concertId: string,
  balance: number,
  atOnce = 50,
): Promise<Holder[]> => {
  const places = await sale.allAdmitted(await sale.fans(count, { balance }), concertId);
  return mapConcurrently(places, atOnce, async (place, index) => ({
    place,
    held: await sale.reserved(place, { date: day, seatNumbers: [index + 1] }),
  }));
};

const keyed = (answers: readonly Answer[]) =>
  answers.map((it) => ({ verdict: verdict(it), text: it.text }));

test("one key twenty times on three instances charges once and returns the same bytes", async () => {
  for (const fan of await sale.fans(5)) {
    const key = randomUUID();
    const answers = await race(
      times(20, (index) => () => sale.charge(fan, 300, { key, on: index % 3 })),
    );
    assert.deepEqual(oneIntent(keyed(answers)), []);
    assert.equal(await sale.balanceOf(fan), 300);
    const again = await sale.charge(fan, 300, { key });
    assert.equal(again.headers["idempotent-replayed"], "true");
  }
});

test("one key twenty times on three instances reserves once, then pays once", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const places = await sale.allAdmitted(await sale.fans(5, { balance: 5000 }), concertId);
  for (const [index, place] of places.entries()) {
    const [reserving, paying] = [randomUUID(), randomUUID()];
    const wanted = { date: day, seatNumbers: [index * 2 + 1, index * 2 + 2] };
    const reserved = await race(
      times(
        20,
        (attempt) => () => sale.reserve(place, wanted, { key: reserving, on: attempt % 3 }),
      ),
    );
    assert.deepEqual(oneIntent(keyed(reserved)), []);
    const won = reserved.find((it) => it.status === 201) as Answer;
    const { reservationId } = succeeded<Reservation>(won, 201);
    const paid = await race(
      times(
        20,
        (attempt) => () => sale.pay(place, reservationId, { key: paying, on: attempt % 3 }),
      ),
    );
    assert.deepEqual(oneIntent(keyed(paid)), []);
    assert.equal(await sale.balanceOf(place), 3000);
  }
  await sweep(deployment.sql);
});

test("twenty payments of one reservation without a key make one payment and return it to all", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  for (const { place, held } of await holders(4, concertId, 5000)) {
    const answers = await race(
      times(20, (index) => () => sale.pay(place, held.reservationId, { on: index % 3 })),
    );
    const words = answers.map(verdict);
    assert.deepEqual(exactlyWon(words, 1, ["200"]), []);
    assert.equal(new Set(answers.map((it) => JSON.stringify(it.body))).size, 1);
    assert.equal(await sale.balanceOf(place), 4000);
  }
});

test("with money for one of two payments, one is paid and the other gets INSUFFICIENT_BALANCE", async () => {
  const concerts = [
    await sale.onSale({ dates: [{ date: day }] }),
    await sale.onSale({ dates: [{ date: day }] }),
  ];
  const fans = await sale.fans(20, { balance: 1500 });
  const bills = await mapConcurrently(fans, 20, async (fan, index) =>
    Promise.all(
      concerts.map(async ({ concertId }) => {
        const place = await sale.admitted(fan, concertId);
        const held = await sale.reserved(place, { date: day, seatNumbers: [index + 1] });
        return { place, held };
      }),
    ),
  );
  const answers = await race(
    bills.flatMap((pair) =>
      pair.map((it, index) => () => sale.pay(it.place, it.held.reservationId, { on: index })),
    ),
  );
  for (const [index, fan] of fans.entries()) {
    const pair = answers.slice(index * 2, index * 2 + 2);
    assert.deepEqual(exactlyWon(pair.map(verdict), 1, ["402 INSUFFICIENT_BALANCE"]), []);
    const refusal = pair.find((it) => it.status === 402)?.body as {
      balance: number;
      amount: number;
    };
    assert.deepEqual([refusal.balance, refusal.amount], [500, 1000]);
    assert.equal(await sale.balanceOf(fan), 500);
  }
  await sweep(deployment.sql);
});

test("many charges of one wallet at once each count once", async () => {
  const fan = await sale.fan();
  const answers = await race(
    times(60, (index) => () => {
      const key = randomUUID();
      return patiently(() => sale.charge(fan, index + 1, { key, on: index % 3 }));
    }),
  );
  assert.deepEqual(exactlyWon(answers.map(verdict), 60, []), []);
  assert.equal(await sale.balanceOf(fan), (60 * 61) / 2);
  const seen = new Set(answers.map((it) => (it.body as { balance: number }).balance));
  assert.equal(seen.size, 60, "two charges were told the same balance");
});

const timed = async (
  atMs: number,
  ask: () => Promise<Answer>,
): Promise<{ verdict: string; sentAtMs: number; answeredAtMs: number }> => {
  await sleep(atMs - Date.now());
  const sentAtMs = Date.now();
  const answer = await ask();
  return { verdict: verdict(answer), sentAtMs, answeredAtMs: Date.now() };
};

test("payment at the end of a hold: the seat has one owner, and the debit comes with the ticket", async () => {
  const judged: Deadline[] = [];
  for (const round of [0, 1]) {
    const { concertId } = await sale.onSale({ dates: [{ date: day }], policy: { holdSeconds: 3 } });
    const rivals = await sale.allAdmitted(await sale.fans(50), concertId);
    // One after the other, so that the deadlines lie apart and each trial has the servers to itself.
    const mine = await holders(50, concertId, 1000, 1);
    const trials = await Promise.all(
      mine.map(async ({ place, held }, index): Promise<Deadline> => {
        const expiresAtMs = Date.parse(held.expiresAt);
        const rival = rivals[index] as Placed;
        const seatNumbers = held.seatNumbers;
        const [paid, taken] = await Promise.all([
          // Half of them close to the deadline of a quick machine, half of a slow one.
          timed(expiresAtMs - (index % 2 === 0 ? 60 - (index % 13) * 6 : (index % 25) * 14), () =>
            sale.pay(place, held.reservationId, { on: index % 3 }),
          ),
          timed(expiresAtMs - 8 + (index % 7) * 4, () =>
            sale.reserve(rival, { date: day, seatNumbers }, { on: (index + 1) % 3 }),
          ),
        ]);
        return { expiresAtMs, paid, rival: taken };
      }),
    );
    judged.push(...trials);
    for (const [index, { place }] of mine.entries()) {
      const paid = trials[index]?.paid.verdict === "201";
      assert.equal(
        await sale.balanceOf(place),
        paid ? 0 : 1000,
        `round ${round}, seat ${index + 1}`,
      );
    }
  }
  // A trial in which a crowded machine shed a request says nothing; the sweep below counts it too.
  const shed = ({ paid, rival }: Deadline): boolean =>
    isOverloaded() && [paid, rival].some((it) => it.verdict === "503 UNAVAILABLE");
  assert.deepEqual(oneOwner(judged.filter((it) => !shed(it))), []);
  const sold = judged.filter((it) => it.paid.verdict === "201").length;
  const stolen = judged.filter((it) => it.rival.verdict === "201").length;
  assert.ok(
    sold >= 10 && stolen >= 10,
    `the race was not at the deadline: ${sold} paid, ${stolen} taken over`,
  );
  await sweep(deployment.sql);
});

test("a payment that waited for a lock past the end of its hold is refused", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy: { holdSeconds: 2 } });
  const [mine] = (await holders(1, concertId, 1000)) as [Holder];
  const expiresAtMs = Date.parse(mine.held.expiresAt);
  const wallet = "select 1 from wallet where user_id = $1 for update";
  await using lock = await deployment.lock(wallet, [mine.place.userId]);
  await sleep(expiresAtMs - 400 - Date.now());
  const paying = sale.pay(mine.place, mine.held.reservationId);
  await sleep(expiresAtMs + 100 - Date.now());
  await lock.release();
  assert.equal(verdict(await paying), "410 RESERVATION_EXPIRED");
  assert.equal(await sale.balanceOf(mine.place), 1000);
});

test("cancel against payment: paid and not cancellable, or cancelled and not payable", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const mine = await holders(40, concertId, 1000);
  const answers = await race(
    mine.flatMap(({ place, held }, index) => [
      () => sale.pay(place, held.reservationId, { on: index % 3 }),
      () => sale.cancel(place, held.reservationId, (index + 1) % 3),
    ]),
  );
  const words = answers.map(verdict);
  const trials = mine.map(
    (_, index) => [words[index * 2] ?? "", words[index * 2 + 1] ?? ""] as const,
  );
  assert.deepEqual(
    eitherOr(trials, [
      "201 & 409 RESERVATION_NOT_CANCELLABLE",
      "409 RESERVATION_NOT_PAYABLE & 204",
    ]),
    [],
  );
  for (const [index, { place }] of mine.entries())
    assert.equal(await sale.balanceOf(place), trials[index]?.[0] === "201" ? 0 : 1000);
  await sweep(deployment.sql);
});

test("leave against payment: paid, or the hold is cancelled and nothing is debited", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const mine = await holders(30, concertId, 1000);
  const answers = await race(
    mine.flatMap(({ place, held }, index) => [
      () => sale.pay(place, held.reservationId, { on: index % 3 }),
      () => sale.leave(place, (index + 1) % 3),
    ]),
  );
  const words = answers.map(verdict);
  const trials = mine.map(
    (_, index) => [words[index * 2] ?? "", words[index * 2 + 1] ?? ""] as const,
  );
  assert.deepEqual(eitherOr(trials, ["201 & 204", "409 RESERVATION_NOT_PAYABLE & 204"]), []);
  for (const [index, { place }] of mine.entries()) {
    const paid = trials[index]?.[0] === "201";
    assert.equal(await sale.balanceOf(place), paid ? 0 : 1000);
    assert.equal((await sale.status(place)).status, "ENDED");
  }
  await sweep(deployment.sql);
});

test("leave against reserve: no seat stays held for a place that has ended", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: day }] });
  const places = await sale.allAdmitted(await sale.fans(40), concertId);
  const answers = await race(
    places.flatMap((place, index) => [
      () => sale.reserve(place, { date: day, seatNumbers: [index + 1] }, { on: index % 3 }),
      () => sale.leave(place, (index + 1) % 3),
    ]),
  );
  const trials = places.map(
    (_, index) =>
      [verdict(answers[index * 2] as Answer), verdict(answers[index * 2 + 1] as Answer)] as const,
  );
  assert.deepEqual(eitherOr(trials, ["201 & 204", "401 QUEUE_TOKEN_ENDED & 204"]), []);
  const { reservations } = await sweep(deployment.sql);
  const left = reservations.filter((it) => it.concertId === concertId && it.status === "HELD");
  assert.deepEqual(left, []);
});
