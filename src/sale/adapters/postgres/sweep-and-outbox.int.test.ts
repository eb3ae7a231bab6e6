import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { QueueEvents } from "#kernel/queue-gate.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { mintId } from "#platform/ids.ts";
import {
  markOf,
  newId,
  openSaleFixture,
  seatPrice,
  type SaleFixture,
} from "#test/support/box-office.ts";
import { eventually } from "#test/support/concurrency.ts";
import { sweep as sweepInvariants } from "#test/support/invariants.ts";
import { dueJobs, findDueJobs } from "./due-jobs.ts";
import { pgOutbox } from "./outbox.ts";
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
  return { received, queueEvents };
};

const topicsOf = (received: readonly Record<string, unknown>[]): unknown[] =>
  received.map((event) => event["topic"]);

const seatStatuses = async (sale: SaleFixture, numbers: readonly number[]): Promise<string[]> => {
  const rows = await sale.sql<{ status: string }>(
    `select status from seat where date = '2027-12-24' and seat_number = any ($1) order by seat_number`,
    [numbers],
  );
  return rows.map((row) => row.status);
};

const outboxCount = async (sale: SaleFixture): Promise<number> =>
  (await sale.sql("select from outbox")).length;

describe("the jobs that are due", () => {
  it("the sweep is due once a hold has lapsed, the outbox while it has a row", async () => {
    await using sale = await openSaleFixture();
    const { database } = sale;
    assert.deepEqual(await findDueJobs(database), []);
    await sale.held(newId<"user">(), [1]);
    const lapsing = await sale.held(newId<"user">(), [2]);
    assert.deepEqual(await findDueJobs(database), ["outbox"]);
    await sale.lapse(lapsing.reservationId);
    assert.deepEqual(await findDueJobs(database), ["sweep", "outbox"]);
    await sale.sql("delete from outbox");
    assert.deepEqual(await findDueJobs(database), ["sweep"]);
    await sweep({ database, mintId });
    assert.deepEqual(await findDueJobs(database), ["outbox"], "the sweep has written an event");
  });
});

describe("the refunds of cancelled concerts", () => {
  it("they are due from the cancelling until the concert is refunded", async () => {
    await using sale = await openSaleFixture();
    const { database } = sale;
    await sale.sql("update concert set closed_at = now(), cancelled_at = now()");
    assert.deepEqual(await findDueJobs(database), ["refunds"]);
    await sale.sql("update concert set refunded_at = now()");
    assert.deepEqual(await findDueJobs(database), []);
  });

  it("they begin when they are due, and the other jobs go on", async () => {
    await using sale = await openSaleFixture();
    await sale.sql("update concert set closed_at = now(), cancelled_at = now()");
    const heard = new Set<string>();
    const jobs = dueJobs({
      ...{ database: sale.database, mintId, everyMs: 10, lateMs: 60_000 },
      observer: { swept: () => {}, outboxDelivered: () => void heard.add("outbox") },
      outbox: { deliverPending: () => assert.fail("the outbox is empty") },
      onError: (job, error) => void heard.add(`${job}: ${String(error)}`),
      onRefundsDue: () => void heard.add("refunds"),
    });
    jobs.start();
    await eventually("both", () => heard.size >= 2 || undefined);
    await jobs.close();
    assert.deepEqual([...heard].sort(), ["outbox", "refunds"]);
  });
});

describe("the sweeper", () => {
  it("lapsed reservations become EXPIRED; live and paid ones, and seats taken since, stay", async () => {
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

  it("a locked reservation is skipped without waiting and expired the next time", async () => {
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
      assert.deepEqual(await sweep(options), { sweptCount: 1, more: false });
    });
    assert.deepEqual(await seatStatuses(sale, [1, 2]), ["HELD", "AVAILABLE"]);
    assert.equal((await sweep(options)).sweptCount, 1);
  });

  it("sweeps on three instances expire each reservation once", async () => {
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
  it("events are delivered in the order of the commits and deleted once accepted", async () => {
    await using sale = await openSaleFixture();
    const user = newId<"user">();
    const held = await sale.held(user, [1], { place: markOf(3, 2) });
    const { reservationId, expiresAtMs } = held;
    await sale.charge(user, seatPrice);
    await sale.pay(user, reservationId, { place: markOf(3, 2) });
    const leaver = newId<"user">();
    const given = await sale.held(leaver, [2], { place: markOf(4) });
    await sale.leave(leaver, markOf(4));
    const { received, queueEvents } = receiver();
    const delivery = await pgOutbox({ database: sale.database, queueEvents }).deliverPending();
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

  it("an event that the queue refuses stays, with the later events of the same buyer", async () => {
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
    const first = await pgOutbox({ database: sale.database, ...away }).deliverPending();
    assert.deepEqual(first, { deliveredCount: 4, waitingCount: 2, more: false });
    const { received, queueEvents } = receiver();
    await pgOutbox({ database: sale.database, queueEvents }).deliverPending();
    assert.deepEqual(
      received.map((one) => [one["userId"], one["topic"]]),
      [
        [stuck, "hold-cleared"],
        [stuck, "place-ended"],
      ],
    );
    assert.equal(await outboxCount(sale), 0);
  });

  it("one instance at a time delivers", async () => {
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
    const first = pgOutbox({ database: sale.database, queueEvents }).deliverPending();
    await reached.promise;
    const other = receiver();
    const second = await pgOutbox({ database: sale.another().database, ...other }).deliverPending();
    assert.deepEqual(second, { deliveredCount: 0, waitingCount: 0, more: false });
    goOn.resolve();
    assert.equal((await first).deliveredCount, 1);
    assert.equal(other.received.length, 0);
  });

  it("events are delivered again when the instance dies before its commit", async () => {
    await using sale = await openSaleFixture();
    await sale.held(newId<"user">(), [1]);
    const { received, queueEvents } = receiver();
    const broken = { ...sale.database };
    broken.transaction = (work) =>
      sale.database.transaction(async (tx) => {
        await work(tx);
        throw new Unavailable("killed");
      });
    await assert.rejects(pgOutbox({ database: broken, queueEvents }).deliverPending(), Unavailable);
    assert.equal(
      (await pgOutbox({ database: sale.database, queueEvents }).deliverPending()).deliveredCount,
      1,
    );
    assert.equal(received.length, 2);
    assert.deepEqual(received[0], received[1]);
  });

  it("a pass deletes an event without sending it when this instance has delivered it", async () => {
    await using sale = await openSaleFixture();
    const user = newId<"user">();
    const { reservationId, expiresAtMs } = await sale.held(user, [1]);
    await sale.leave(user, markOf(1));
    const { received, queueEvents } = receiver();
    const outbox = pgOutbox({ database: sale.database, queueEvents });
    const buyer = { concertId: sale.concertId, userId: user };
    const hold = { reservationId, expiresAtMs, ...markOf(1) };
    outbox.markDelivered({ topic: "hold-carried", ...buyer, content: hold });
    await outbox.deliverNow({ topic: "hold-cleared", ...buyer, content: { reservationId } });
    assert.deepEqual(topicsOf(received), ["hold-cleared"]);
    assert.equal((await outbox.deliverPending()).deliveredCount, 3);
    assert.deepEqual(topicsOf(received), ["hold-cleared", "place-ended"]);
    assert.equal(await outboxCount(sale), 0);
  });

  it("a pass sends an event that the queue refused right after the commit", async () => {
    await using sale = await openSaleFixture();
    const user = newId<"user">();
    await sale.leave(user, markOf(1));
    let isAway = true;
    const { received, queueEvents } = receiver(() => isAway);
    const outbox = pgOutbox({ database: sale.database, queueEvents });
    const content = { ...markOf(1), reason: "LEFT" } as const;
    const { concertId } = sale;
    await outbox.deliverNow({ topic: "place-ended", concertId, userId: user, content });
    isAway = false;
    assert.equal((await outbox.deliverPending()).deliveredCount, 1);
    assert.deepEqual(topicsOf(received), ["place-ended"]);
  });

  it("a pass sends an event again that the instance has forgotten beyond rememberedMax", async () => {
    await using sale = await openSaleFixture();
    const users = [newId<"user">(), newId<"user">(), newId<"user">()];
    const { received, queueEvents } = receiver();
    const outbox = pgOutbox({ database: sale.database, queueEvents, rememberedMax: 2 });
    for (const userId of users) {
      await sale.leave(userId, markOf(1));
      const content = { ...markOf(1), reason: "LEFT" } as const;
      outbox.markDelivered({ topic: "place-ended", concertId: sale.concertId, userId, content });
    }
    await outbox.deliverPending();
    assert.deepEqual(
      received.map((one) => one["userId"]),
      users.slice(0, 1),
    );
  });

  it("deliverNow throws an error of the queue other than Unavailable", async () => {
    await using sale = await openSaleFixture();
    const queueEvents = {
      ...receiver().queueEvents,
      placeEnded: () => Promise.reject(new Error("bug")),
    };
    const outbox = pgOutbox({ database: sale.database, queueEvents });
    const content = { ...markOf(1), reason: "LEFT" } as const;
    const userId = newId<"user">();
    const event = { topic: "place-ended", concertId: sale.concertId, userId, content } as const;
    await assert.rejects(outbox.deliverNow(event), /bug/);
  });

  it("an error of the queue other than Unavailable is thrown", async () => {
    await using sale = await openSaleFixture();
    await sale.held(newId<"user">(), [1]);
    const { queueEvents: sound } = receiver();
    const queueEvents = { ...sound, holdCarried: () => Promise.reject(new Error("bug")) };
    await assert.rejects(
      pgOutbox({ database: sale.database, queueEvents }).deliverPending(),
      /bug/,
    );
    assert.equal(await outboxCount(sale), 1);
  });
});

describe("stored answers", () => {
  it("stored answers are deleted after 48 hours", async () => {
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
