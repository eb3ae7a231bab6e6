import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { mintId } from "#platform/ids.ts";
import { markOf, newId, openHall, seatPrice, type Hall } from "#test/support/box-office.ts";
import { sweep as sweepInvariants } from "#test/support/invariants.ts";
import type { QueueEvents } from "../../ports/queue-gate.ts";
import { deliverNews } from "./outbox.ts";
import { purgeAnswers } from "./purge.ts";
import { sweep } from "./sweeper.ts";

/** A queue that writes down what it hears, and refuses what it is told to refuse. */
const listener = (refuses: (said: Record<string, unknown>) => boolean = () => false) => {
  const heard: Record<string, unknown>[] = [];
  const hear =
    (topic: string) =>
    async (said: object): Promise<void> => {
      const news = { topic, ...said };
      if (refuses(news)) throw new Unavailable("away");
      heard.push(news);
    };
  const news: QueueEvents = {
    holdCarried: hear("hold-carried"),
    holdCleared: hear("hold-cleared"),
    placeEnded: hear("place-ended"),
  };
  return { heard, news, to: { queue: news, hasHeard: () => false } };
};

const seatStatuses = async (hall: Hall, numbers: readonly number[]): Promise<string[]> => {
  const rows = await hall.sql<{ status: string }>(
    `select status from seat where date = '2027-12-24' and seat_number = any ($1) order by seat_number`,
    [numbers],
  );
  return rows.map((row) => row.status);
};

const outboxCount = async (hall: Hall): Promise<number> =>
  (await hall.sql("select from outbox")).length;

describe("the sweeper", () => {
  it("makes lapsed holds visible, and leaves live, paid and taken-over ones", async () => {
    await using hall = await openHall();
    const [lapsing, living, paying, taking] = [1, 2, 3, 4].map(() => newId<"user">()) as [
      ReturnType<typeof newId<"user">>,
      ReturnType<typeof newId<"user">>,
      ReturnType<typeof newId<"user">>,
      ReturnType<typeof newId<"user">>,
    ];
    const lapsed = await hall.held(lapsing, [1, 2]);
    await hall.held(living, [3]);
    await hall.charge(paying, seatPrice);
    await hall.pay(paying, (await hall.held(paying, [4])).reservationId);
    await hall.lapse(lapsed.reservationId);
    await hall.held(taking, [2]);
    const options = { database: hall.database, mintId };
    assert.deepEqual(await sweep(options), { sweptCount: 1, more: false });
    assert.deepEqual(await seatStatuses(hall, [1, 2, 3, 4]), ["AVAILABLE", "HELD", "HELD", "SOLD"]);
    const [row] = await hall.sql<{ status: string }>(
      "select status from reservation where reservation_id = $1",
      [lapsed.reservationId],
    );
    assert.equal(row?.status, "EXPIRED");
    const [news] = await hall.sql<{ topic: string; user_id: string }>(
      "select topic, user_id from outbox order by outbox_id desc limit 1",
    );
    assert.deepEqual(news, { topic: "hold-cleared", user_id: lapsing });
    assert.deepEqual(await sweep(options), { sweptCount: 0, more: false });
    await sweepInvariants(hall.sql as Hall["sql"]);
  });

  it("passes over what somebody has, without waiting, and gets it the next time", async () => {
    await using hall = await openHall();
    const [busy, idle] = [newId<"user">(), newId<"user">()];
    for (const [user, seat] of [
      [busy, 1],
      [idle, 2],
    ] as const) {
      await hall.lapse((await hall.held(user, [seat])).reservationId);
    }
    const options = { database: hall.another().database, mintId };
    await hall.database.transaction(async (tx) => {
      await tx.query({ text: "select from seat where seat_number = 1 for update" });
      const startedMs = performance.now();
      assert.deepEqual(await sweep(options), { sweptCount: 1, more: false });
      assert.ok(performance.now() - startedMs < 1000);
    });
    assert.deepEqual(await seatStatuses(hall, [1, 2]), ["HELD", "AVAILABLE"]);
    assert.equal((await sweep(options)).sweptCount, 1);
  });

  it("two at a time do each lapse once", async () => {
    await using hall = await openHall();
    for (let seat = 1; seat <= 30; seat += 1) {
      await hall.lapse((await hall.held(newId<"user">(), [seat])).reservationId);
    }
    const databases = [hall.database, hall.another().database, hall.another().database];
    const swept = await Promise.all(databases.map((database) => sweep({ database, mintId })));
    const again = await sweep({ database: hall.database, mintId });
    const total = [...swept, again].reduce((sum, one) => sum + one.sweptCount, 0);
    assert.equal(total, 30);
    const rows = await hall.sql("select from outbox where topic = 'hold-cleared'");
    assert.equal(rows.length, 30);
  });
});

describe("the outbox", () => {
  it("tells the queue everything in the order of the commits, and forgets what it accepted", async () => {
    await using hall = await openHall();
    const user = newId<"user">();
    const held = await hall.held(user, [1], { place: markOf(3, 2) });
    const { reservationId, expiresAtMs } = held;
    await hall.charge(user, seatPrice);
    await hall.pay(user, reservationId, { place: markOf(3, 2) });
    const leaver = newId<"user">();
    const given = await hall.held(leaver, [2], { place: markOf(4) });
    await hall.leave(leaver, markOf(4));
    const { heard, to } = listener();
    const delivery = await deliverNews(hall.database, to);
    assert.deepEqual(delivery, { deliveredCount: 5, waitingCount: 0, more: false });
    const of = (userId: string) => heard.filter((one) => one["userId"] === userId);
    const { concertId } = hall;
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
    assert.equal(await outboxCount(hall), 0);
  });

  it("keeps what the queue could not take, and a buyer's later rows behind it", async () => {
    await using hall = await openHall();
    const [stuck, fine] = [newId<"user">(), newId<"user">()];
    for (const [user, seat] of [
      [stuck, 1],
      [fine, 2],
    ] as const) {
      await hall.held(user, [seat]);
      await hall.leave(user, markOf(1));
    }
    const away = listener((said) => said["userId"] === stuck && said["topic"] === "hold-cleared");
    const first = await deliverNews(hall.database, away.to);
    assert.deepEqual(first, { deliveredCount: 4, waitingCount: 2, more: false });
    const { heard, to } = listener();
    await deliverNews(hall.database, to);
    assert.deepEqual(
      heard.map((one) => [one["userId"], one["topic"]]),
      [
        [stuck, "hold-cleared"],
        [stuck, "place-ended"],
      ],
    );
    assert.equal(await outboxCount(hall), 0);
  });

  it("is delivered by one at a time", async () => {
    await using hall = await openHall();
    await hall.held(newId<"user">(), [1]);
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = listener();
    const queue: QueueEvents = {
      ...slow.news,
      async holdCarried(said) {
        reached.resolve();
        await goOn.promise;
        return slow.news.holdCarried(said);
      },
    };
    const first = deliverNews(hall.database, { ...slow.to, queue });
    await reached.promise;
    const other = listener();
    const second = await deliverNews(hall.another().database, other.to);
    assert.deepEqual(second, { deliveredCount: 0, waitingCount: 0, more: false });
    goOn.resolve();
    assert.equal((await first).deliveredCount, 1);
    assert.equal(other.heard.length, 0);
  });

  it("says it again when the word that it was said gets lost", async () => {
    await using hall = await openHall();
    await hall.held(newId<"user">(), [1]);
    const { heard, to } = listener();
    const broken = { ...hall.database };
    broken.transaction = (work) =>
      hall.database.transaction(async (tx) => {
        await work(tx);
        throw new Unavailable("killed");
      });
    await assert.rejects(deliverNews(broken, to), Unavailable);
    assert.equal((await deliverNews(hall.database, to)).deliveredCount, 1);
    assert.equal(heard.length, 2);
    assert.deepEqual(heard[0], heard[1]);
  });

  it("forgets without a word what the queue is known to have heard", async () => {
    await using hall = await openHall();
    const user = newId<"user">();
    await hall.held(user, [1]);
    await hall.leave(user, markOf(1));
    const { heard, to } = listener();
    const hasHeard = (news: { topic: string }) => news.topic !== "place-ended";
    const delivery = await deliverNews(hall.database, { ...to, hasHeard });
    assert.equal(delivery.deliveredCount, 3);
    assert.deepEqual(
      heard.map((one) => one["topic"]),
      ["place-ended"],
    );
    assert.equal(await outboxCount(hall), 0);
  });

  it("does not hide a fault of the queue's", async () => {
    await using hall = await openHall();
    await hall.held(newId<"user">(), [1]);
    const { news, to } = listener();
    const queue = { ...news, holdCarried: () => Promise.reject(new Error("bug")) };
    await assert.rejects(deliverNews(hall.database, { ...to, queue }), /bug/);
    assert.equal(await outboxCount(hall), 1);
  });
});

describe("stored answers", () => {
  it("are kept for two days and then forgotten", async () => {
    await using hall = await openHall();
    const user = newId<"user">();
    const table: [key: string, hours: number, kept: boolean][] = [
      ["new", 0, true],
      ["a day old", 25, true],
      ["nearly two", 47, true],
      ["two days old", 49, false],
    ];
    for (const [key, hours] of table) {
      await hall.charge(user, 1, { key });
      await hall.sql(
        `update idempotency set created_at = created_at - $2 * interval '1 hour' where key = $1`,
        [key, hours],
      );
    }
    assert.equal(await purgeAnswers(hall.database), "done");
    const rows = await hall.sql<{ key: string }>("select key from idempotency");
    const kept = table.filter(([, , one]) => one).map(([key]) => key);
    assert.deepEqual(rows.map((row) => row.key).sort(), kept.sort());
  });
});
