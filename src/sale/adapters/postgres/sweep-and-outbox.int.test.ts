import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { mintId } from "#platform/ids.ts";
import {
  markOf,
  newId,
  openSaleFixture,
  seatPrice,
  type SaleFixture,
} from "#test/support/box-office.ts";
import { sweep as sweepInvariants } from "#test/support/invariants.ts";
import type { QueueEvents } from "../../ports/queue-gate.ts";
import { deliverOutbox } from "./outbox.ts";
import { purgeAnswers } from "./purge.ts";
import { sweep } from "./sweeper.ts";

/** A queue that writes down what it hears, and refuses what it is told to refuse. */
const receiver = (refuses: (said: Record<string, unknown>) => boolean = () => false) => {
  const received: Record<string, unknown>[] = [];
  const receive =
    (topic: string) =>
    async (said: object): Promise<void> => {
      const event = { topic, ...said };
      if (refuses(event)) throw new Unavailable("away");
      received.push(event);
    };
  const queueEvents: QueueEvents = {
    holdCarried: receive("hold-carried"),
    holdCleared: receive("hold-cleared"),
    placeEnded: receive("place-ended"),
  };
  return { received, queueEvents, to: { queueEvents, wasDelivered: () => false } };
};

const seatStatuses = async (sale: SaleFixture, numbers: readonly number[]): Promise<string[]> => {
  const rows = await sale.sql<{ status: string }>(
    `select status from seat where date = '2027-12-24' and seat_number = any ($1) order by seat_number`,
    [numbers],
  );
  return rows.map((row) => row.status);
};

const outboxCount = async (sale: SaleFixture): Promise<number> =>
  (await sale.sql("select from outbox")).length;

describe("the sweeper", () => {
  it("makes lapsed holds visible, and leaves live, paid and taken-over ones", async () => {
    await using sale = await openSaleFixture();
    const [lapsing, living, paying, taking] = [1, 2, 3, 4].map(() => newId<"user">()) as [
      ReturnType<typeof newId<"user">>,
      ReturnType<typeof newId<"user">>,
      ReturnType<typeof newId<"user">>,
      ReturnType<typeof newId<"user">>,
    ];
    const lapsed = await sale.held(lapsing, [1, 2]);
    await sale.held(living, [3]);
    await sale.charge(paying, seatPrice);
    await sale.pay(paying, (await sale.held(paying, [4])).reservationId);
    await sale.lapse(lapsed.reservationId);
    await sale.held(taking, [2]);
    const options = { database: sale.database, mintId };
    assert.deepEqual(await sweep(options), { sweptCount: 1, more: false });
    assert.deepEqual(await seatStatuses(sale, [1, 2, 3, 4]), ["AVAILABLE", "HELD", "HELD", "SOLD"]);
    const [row] = await sale.sql<{ status: string }>(
      "select status from reservation where reservation_id = $1",
      [lapsed.reservationId],
    );
    assert.equal(row?.status, "EXPIRED");
    const [event] = await sale.sql<{ topic: string; user_id: string }>(
      "select topic, user_id from outbox order by outbox_id desc limit 1",
    );
    assert.deepEqual(event, { topic: "hold-cleared", user_id: lapsing });
    assert.deepEqual(await sweep(options), { sweptCount: 0, more: false });
    await sweepInvariants(sale.sql as SaleFixture["sql"]);
  });

  it("passes over what somebody has, without waiting, and gets it the next time", async () => {
    await using sale = await openSaleFixture();
    const [busy, idle] = [newId<"user">(), newId<"user">()];
    for (const [user, seat] of [
      [busy, 1],
      [idle, 2],
    ] as const) {
      await sale.lapse((await sale.held(user, [seat])).reservationId);
    }
    const options = { database: sale.another().database, mintId };
    await sale.database.transaction(async (tx) => {
      await tx.query({ text: "select from seat where seat_number = 1 for update" });
      const startedMs = performance.now();
      assert.deepEqual(await sweep(options), { sweptCount: 1, more: false });
      assert.ok(performance.now() - startedMs < 1000);
    });
    assert.deepEqual(await seatStatuses(sale, [1, 2]), ["HELD", "AVAILABLE"]);
    assert.equal((await sweep(options)).sweptCount, 1);
  });

  it("two at a time do each lapse once", async () => {
    await using sale = await openSaleFixture();
    for (let seat = 1; seat <= 30; seat += 1) {
      await sale.lapse((await sale.held(newId<"user">(), [seat])).reservationId);
    }
    const databases = [sale.database, sale.another().database, sale.another().database];
    const swept = await Promise.all(databases.map((database) => sweep({ database, mintId })));
    const again = await sweep({ database: sale.database, mintId });
    const total = [...swept, again].reduce((sum, one) => sum + one.sweptCount, 0);
    assert.equal(total, 30);
    const rows = await sale.sql("select from outbox where topic = 'hold-cleared'");
    assert.equal(rows.length, 30);
  });
});

describe("the outbox", () => {
  it("tells the queue everything in the order of the commits, and forgets what it accepted", async () => {
    await using sale = await openSaleFixture();
    const user = newId<"user">();
    const held = await sale.held(user, [1], { place: markOf(3, 2) });
    const { reservationId, expiresAtMs } = held;
    await sale.charge(user, seatPrice);
    await sale.pay(user, reservationId, { place: markOf(3, 2) });
    const leaver = newId<"user">();
    const given = await sale.held(leaver, [2], { place: markOf(4) });
    await sale.leave(leaver, markOf(4));
    const { received, to } = receiver();
    const delivery = await deliverOutbox(sale.database, to);
    assert.deepEqual(delivery, { deliveredCount: 5, waitingCount: 0, more: false });
    const of = (userId: string) => received.filter((one) => one["userId"] === userId);
    const { concertId } = sale;
    const whose = { concertId, userId: user };
    assert.deepEqual(of(user), [
      { topic: "hold-carried", ...whose, reservationId, expiresAtMs, epoch: 2, seq: 3 },
      { topic: "place-ended", ...whose, reason: "PAID", epoch: 2, seq: 3 },
    ]);
    assert.deepEqual(
      of(leaver).map((one) => [one["topic"], one["reservationId"] ?? one["reason"]]),
      [
        ["hold-carried", given.reservationId],
        ["hold-cleared", given.reservationId],
        ["place-ended", "LEFT"],
      ],
    );
    assert.equal(await outboxCount(sale), 0);
  });

  it("keeps what the queue could not take, and a buyer's later rows behind it", async () => {
    await using sale = await openSaleFixture();
    const [stuck, fine] = [newId<"user">(), newId<"user">()];
    for (const [user, seat] of [
      [stuck, 1],
      [fine, 2],
    ] as const) {
      await sale.held(user, [seat]);
      await sale.leave(user, markOf(1));
    }
    const away = receiver((said) => said["userId"] === stuck && said["topic"] === "hold-cleared");
    const first = await deliverOutbox(sale.database, away.to);
    assert.deepEqual(first, { deliveredCount: 4, waitingCount: 2, more: false });
    const { received, to } = receiver();
    await deliverOutbox(sale.database, to);
    assert.deepEqual(
      received.map((one) => [one["userId"], one["topic"]]),
      [
        [stuck, "hold-cleared"],
        [stuck, "place-ended"],
      ],
    );
    assert.equal(await outboxCount(sale), 0);
  });

  it("is delivered by one at a time", async () => {
    await using sale = await openSaleFixture();
    await sale.held(newId<"user">(), [1]);
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = receiver();
    const queueEvents: QueueEvents = {
      ...slow.queueEvents,
      async holdCarried(said) {
        reached.resolve();
        await goOn.promise;
        return slow.queueEvents.holdCarried(said);
      },
    };
    const first = deliverOutbox(sale.database, { ...slow.to, queueEvents });
    await reached.promise;
    const other = receiver();
    const second = await deliverOutbox(sale.another().database, other.to);
    assert.deepEqual(second, { deliveredCount: 0, waitingCount: 0, more: false });
    goOn.resolve();
    assert.equal((await first).deliveredCount, 1);
    assert.equal(other.received.length, 0);
  });

  it("says it again when the word that it was said gets lost", async () => {
    await using sale = await openSaleFixture();
    await sale.held(newId<"user">(), [1]);
    const { received, to } = receiver();
    const broken = { ...sale.database };
    broken.transaction = (work) =>
      sale.database.transaction(async (tx) => {
        await work(tx);
        throw new Unavailable("killed");
      });
    await assert.rejects(deliverOutbox(broken, to), Unavailable);
    assert.equal((await deliverOutbox(sale.database, to)).deliveredCount, 1);
    assert.equal(received.length, 2);
    assert.deepEqual(received[0], received[1]);
  });

  it("forgets without a word what the queue is known to have heard", async () => {
    await using sale = await openSaleFixture();
    const user = newId<"user">();
    await sale.held(user, [1]);
    await sale.leave(user, markOf(1));
    const { received, to } = receiver();
    const wasDelivered = (event: { topic: string }) => event.topic !== "place-ended";
    const delivery = await deliverOutbox(sale.database, { ...to, wasDelivered });
    assert.equal(delivery.deliveredCount, 3);
    assert.deepEqual(
      received.map((one) => one["topic"]),
      ["place-ended"],
    );
    assert.equal(await outboxCount(sale), 0);
  });

  it("does not hide a fault of the queue's", async () => {
    await using sale = await openSaleFixture();
    await sale.held(newId<"user">(), [1]);
    const { queueEvents: sound, to } = receiver();
    const queueEvents = { ...sound, holdCarried: () => Promise.reject(new Error("bug")) };
    await assert.rejects(deliverOutbox(sale.database, { ...to, queueEvents }), /bug/);
    assert.equal(await outboxCount(sale), 1);
  });
});

describe("stored answers", () => {
  it("are kept for two days and then forgotten", async () => {
    await using sale = await openSaleFixture();
    const user = newId<"user">();
    const table: [key: string, hours: number, kept: boolean][] = [
      ["new", 0, true],
      ["a day old", 25, true],
      ["nearly two", 47, true],
      ["two days old", 49, false],
    ];
    for (const [key, hours] of table) {
      await sale.charge(user, 1, { key });
      await sale.sql(
        `update idempotency set created_at = created_at - $2 * interval '1 hour' where key = $1`,
        [key, hours],
      );
    }
    assert.equal(await purgeAnswers(sale.database), "done");
    const rows = await sale.sql<{ key: string }>("select key from idempotency");
    const kept = table.filter(([, , one]) => one).map(([key]) => key);
    assert.deepEqual(rows.map((row) => row.key).sort(), kept.sort());
  });
});
