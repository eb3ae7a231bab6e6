import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { race, sleep, times } from "#test/support/concurrency.ts";
import { succeeded, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import {
  dateIn,
  openDoors,
  openSale,
  patiently,
  type Placed,
  type Reservation,
} from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy, ticketsOf } from "#test/support/tickets.ts";
import { noneAfter } from "./checkers.ts";

// A concert that is cancelled while three processes sell and admit in it. Control: checkers.test.ts.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const date = dateIn(20);

interface Holding {
  readonly place: Placed;
  readonly held: Reservation;
}

/** When the database has recorded the effects in a concert, in microseconds. */
const effectsIn = async (concertId: string) => {
  const micros = (column: string) => `(extract(epoch from ${column}) * 1000000)::float8`;
  const [row] = await deployment.sql<{ cancelled: number; effects: number[] }>(
    `select ${micros("c.cancelled_at")} as cancelled,
      array(
        select ${micros("p.paid_at")} from payment p where p.concert_id = c.concert_id
        union all
        select ${micros("r.held_at")} from reservation r where r.concert_id = c.concert_id
        union all
        select ${micros("i.created_at")} from check_in i where i.concert_id = c.concert_id
      ) as effects
    from concert c where c.concert_id = $1`,
    [concertId],
  );
  assert.ok(row);
  return row;
};

for (const round of [1, 2, 3])
  test(`nothing is reserved, paid or admitted once the cancelling has committed, round ${round}`, async () => {
    const concert = await sale.onSale({ dates: [{ date }], policy: openDoors });
    const { concertId } = concert;
    const owner = await sale.fan({ balance: 50_000 });
    await buy(sale, owner, concert, [1, 2, 3, 4]);
    const codes = (await ticketsOf(sale, owner)).map(({ code }) => code);
    const places = await sale.allAdmitted(await sale.fans(24, { balance: 5_000 }), concertId);
    const [buying, choosing] = [places.slice(0, 12), places.slice(12)];
    const holding: Holding[] = [];
    for (const [index, place] of buying.entries())
      holding.push({ place, held: await sale.reserved(place, { date, seatNumbers: [index + 5] }) });

    const startedMs = performance.now();
    /** Spread over the time around the cancelling, and past its answer. */
    const staggered = (index: number, ask: () => Promise<Answer>) => async () => {
      await sleep(index * 12);
      return patiently(ask);
    };
    const cancelling = async () => {
      await sleep(60);
      const body = { reason: "The singer is ill" };
      const answer = await sale.admin("POST", `/concerts/${concertId}/cancel`, body, 0);
      return { answer, answeredMs: performance.now() - startedMs };
    };
    const [cancelled, ...answers] = await race<Answer | Awaited<ReturnType<typeof cancelling>>>([
      cancelling,
      ...holding.map(({ place, held }, n) =>
        staggered(n, () => sale.pay(place, held.reservationId, { on: n % 3 })),
      ),
      ...choosing.map((place, n) =>
        staggered(n, () => sale.reserve(place, { date, seatNumbers: [n + 20] }, { on: n % 3 })),
      ),
      ...times(12, (n) =>
        staggered(n, () => {
          const scan = { concertId, date, code: codes[n % 4], checkInId: randomUUID() };
          return sale.admin("POST", "/check-ins", scan, n % 3);
        }),
      ),
    ]);
    assert.ok(cancelled !== undefined && "answer" in cancelled);
    succeeded(cancelled.answer, 200);
    const judged = answers.flatMap((it) => ("status" in it ? [it] : []));
    const { cancelled: cancelledAt, effects } = await effectsIn(concertId);
    assert.deepEqual(noneAfter(cancelledAt, effects, judged.map(verdict)), []);

    // A request that is sent after its answer is refused on every instance.
    for (const { place, held } of holding.slice(0, 3)) {
      const { status } = succeeded<Reservation>(
        await sale.call({
          path: `/api/v1/reservations/${held.reservationId}`,
          token: place.accessToken,
        }),
        200,
      );
      if (status === "CONFIRMED") continue;
      for (const on of [0, 1, 2])
        assert.equal(
          verdict(await sale.pay(place, held.reservationId, { on })),
          "409 CONCERT_CANCELLED",
        );
    }
    await sweep(deployment.sql);
  });
