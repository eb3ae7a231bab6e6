import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import {
  dateIn,
  openSale,
  type Payment,
  type Placed,
  type Reservation,
} from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, mapConcurrently } from "#test/support/concurrency.ts";

// Goal: Redis goes away exactly between a payment's COMMIT and the end of its place in the queue. The
// payer gets the payment. The place ends once, as soon as the queue can learn of it, and gives no other
// turn meanwhile. The next user gets a turn.

const deployment = await startDeployment({ instances: 3, proxies: true });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const proxy = deployment.proxies?.redis ?? assert.fail();
const day = dateIn(20);

interface Buyer {
  readonly place: Placed;
  readonly held: Reservation;
  readonly key: string;
  /** The instance of the payment. */
  readonly on: number;
}

interface Loss {
  readonly what: string;
  readonly lose: () => Promise<void> | void;
  readonly heal: () => Promise<void> | void;
}

/** As many buyers as there are instances fill the queue; as many and one more wait behind them. */
const setting = async () => {
  const policy = { maxActive: deployment.instances.length };
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const fans = await sale.fans(7, { balance: 5_000 });
  const buyers: Buyer[] = [];
  for (const [on, fan] of fans.slice(0, 3).entries()) {
    const place = await sale.admitted(fan, concertId);
    const held = await sale.reserved(place, { date: day, seatNumbers: [on + 1] });
    buyers.push({ place, held, key: randomUUID(), on });
  }
  const waiting: Placed[] = [];
  for (const fan of fans.slice(3)) waiting.push(await sale.placed(fan, concertId));
  return { concertId, buyers, waiting };
};

const pay = ({ place, held, key, on }: Buyer): Promise<Answer> =>
  sale.pay(place, held.reservationId, { key, on });

/** They pay while `lose` happens: all have passed the queue, none has committed. */
const payAcross = async (buyers: readonly Buyer[], lose: Loss["lose"]): Promise<Answer[]> => {
  const wallets = "select 1 from wallet where user_id = any($1) for update";
  await using lock = await deployment.lock(wallets, [buyers.map(({ place }) => place.userId)]);
  const paying = buyers.map(pay);
  await eventually(
    "all payments wait for their wallets",
    async () => {
      const [row] = await deployment.sql<{ count: number }>(
        `select count(*)::int from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%wallet%'`,
      );
      return row?.count === buyers.length || undefined;
    },
    10,
  );
  await lose();
  await lock.release();
  return Promise.all(paying);
};

/** How many endings of a concert's places the queue has not taken in yet. */
const unheard = async (concertId: string): Promise<number> => {
  const [row] = await deployment.sql<{ count: number }>(
    "select count(*)::int from outbox where topic = 'place-ended' and concert_id = $1",
    [concertId],
  );
  return row?.count ?? assert.fail();
};

/** Everybody who has paid tries for another seat, at every instance; all of it must be in vain. */
const tryAgain = async (buyers: readonly Buyer[], allowed: readonly string[]): Promise<void> => {
  const tries = buyers.flatMap(({ place }) =>
    deployment.instances.map(({ index }) => ({ place, index })),
  );
  const answers = await mapConcurrently(tries, 9, ({ place, index }, at) =>
    sale.reserve(place, { date: day, seatNumbers: [10 + at] }, { on: index }),
  );
  for (const answer of answers) assert.ok(allowed.includes(verdict(answer)), answer.text);
};

/** All have paid, the queue has heard of none, and is back. */
const paidUnheard = async (
  concertId: string,
  buyers: readonly Buyer[],
  { lose, heal }: Pick<Loss, "lose" | "heal">,
): Promise<Payment[]> => {
  try {
    const answers = await payAcross(buyers, lose);
    const payments = answers.map((answer) => succeeded<Payment>(answer, 201));
    assert.equal(await unheard(concertId), buyers.length, "the queue has heard of it");
    await tryAgain(buyers, ["401 QUEUE_TOKEN_ENDED"]);
    return payments;
  } finally {
    await heal();
  }
};

const losses: readonly Loss[] = [
  { what: "cut off", lose: proxy.cut, heal: proxy.heal },
  { what: "frozen", lose: proxy.freeze, heal: proxy.heal },
  {
    what: "killed, and back empty",
    lose: () => deployment.redis.kill(),
    heal: () => deployment.redis.restart(),
  },
];

for (const { what, lose, heal } of losses) {
  test(`Redis ${what} between COMMIT and the end of the place: paid once, no second turn, the next is admitted`, async () => {
    const { concertId, buyers, waiting } = await setting();
    const payments = await paidUnheard(concertId, buyers, { lose, heal });

    const next = waiting.slice(0, -1);
    const last = waiting.at(-1) ?? assert.fail();
    const slotsAreGiven = async (): Promise<true | undefined> => {
      await tryAgain(buyers, ["401 QUEUE_TOKEN_ENDED", "503 UNAVAILABLE"]);
      const polls = await mapConcurrently([...next, last], 4, (it) => sale.poll(it));
      const statuses = polls.map((it) => (it.body as { status?: string | number }).status);
      assert.notEqual(statuses.at(-1), "ACTIVE", "three slots were free, and four are in");
      return statuses.slice(0, -1).every((it) => it === "ACTIVE") || undefined;
    };
    await eventually("all slots have gone to the next", slotsAreGiven, 100);
    for (const { place, held, key, on } of buyers) {
      assert.equal((await sale.status(place)).endedReason, "PAID");
      const again = succeeded<Payment>(await pay({ place, held, key, on: (on + 1) % 3 }), 201);
      assert.equal(again.paymentId, payments[on]?.paymentId);
    }
    await eventually("the outbox has nothing more to say", async () => {
      return (await unheard(concertId)) === 0 || undefined;
    });
    const status = await sale.status(last);
    assert.deepEqual([status.status, status.position], ["WAITING", 1]);
    const winner = await sale.admitted(next[0] ?? assert.fail(), concertId);
    const { reservationId } = await sale.reserved(winner, { date: day, seatNumbers: [30] });
    succeeded(await sale.pay(winner, reservationId), 201);
    refused(await sale.reserve(winner, { date: day, seatNumbers: [31] }), "QUEUE_TOKEN_ENDED");
    await sweep(deployment.sql);
  });
}
