import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createClient } from "redis";
import { codeOf, verdict, type Answer } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import { dateIn, openSale, type Placed } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { assertWithin, isOverloaded, race } from "#test/support/concurrency.ts";
import { disjoint, exactlyWon } from "./checkers.ts";

// Seats under a start gate, on three processes. The controls are in checkers.test.ts (the same gate and
// checkers, a shop without the rules) and invariants.test.ts (the sweep, bad tables).

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const day = dateIn(20);

const people = async (count: number, dates = [{ date: day }]): Promise<Placed[]> => {
  const { concertId } = await sale.onSale({ dates });
  return sale.allAdmitted(await sale.fans(count), concertId);
};

test("one seat and 500 users: exactly one reserves it, all others get SEAT_UNAVAILABLE", async () => {
  const places = await people(500);
  const answers = await race(
    places.map(
      (it, index) => () => sale.reserve(it, { date: day, seatNumbers: [7] }, { on: index % 3 }),
    ),
  );
  const losing = ["409 SEAT_UNAVAILABLE", ...(isOverloaded() ? ["503 UNAVAILABLE"] : [])];
  assert.deepEqual(exactlyWon(answers.map(verdict), 1, losing), []);
  for (const answer of answers.filter((it) => it.status === 409))
    assert.deepEqual((answer.body as { seatNumbers: number[] }).seatNumbers, [7]);
  const slowest = Math.max(...answers.map((it) => it.answeredMs - it.sentMs));
  assertWithin(slowest, 5_000, "the last answer");
  await sweep(deployment.sql);
});

const setOf = (answer: Answer): readonly number[] =>
  (answer.asked.body as { seatNumbers: number[] }).seatNumbers;

test("overlapping sets in opposite orders: each user gets all of the seats or none, without a deadlock", async () => {
  const sets = [
    [1, 2, 3, 4],
    [4, 3, 2, 1],
    [3, 4, 5, 6],
    [6, 5, 4, 3],
    [5, 6, 7, 8],
    [8, 7, 6, 5],
    [2, 4, 6, 8],
    [8, 6, 4, 2],
  ];
  const places = await people(sets.length * 12);
  const answers = await race(
    places.map((it, index) => () => {
      const seatNumbers = sets[index % sets.length] ?? [];
      return sale.reserve(it, { date: day, seatNumbers }, { on: index % 3 });
    }),
  );
  const attempts = answers.map((it) => ({ verdict: verdict(it), seatNumbers: setOf(it) }));
  assert.deepEqual(disjoint(attempts), []);
  const won = attempts.filter((it) => it.verdict === "201");
  assert.ok(won.length >= 1 && won.length <= 3, `${won.length} won`);
  assert.deepEqual(
    exactlyWon(
      attempts.map((it) => it.verdict),
      won.length,
      ["409 SEAT_UNAVAILABLE"],
    ),
    [],
  );
  for (const answer of answers.filter((it) => it.status === 409)) {
    const named = (answer.body as { seatNumbers: number[] }).seatNumbers;
    assert.ok(named.length > 0 && named.every((it) => setOf(answer).includes(it)), answer.text);
  }
  const { seats } = await sweep(deployment.sql);
  const show = `${places[0]?.concertId} ${day}`;
  const taken = seats.filter((it) => it.show === show && it.status === "HELD");
  assert.equal(taken.length, won.length * 4);
});

test("two devices of one user reserve different seats at once: one reservation", async () => {
  const places = await people(16);
  const attempts = places.flatMap((place, index) =>
    [0, 1, 2].map((device) => () => {
      const seatNumbers = [index * 3 + device + 1];
      return sale.reserve(place, { date: day, seatNumbers }, { on: device });
    }),
  );
  const answers = await race(attempts);
  const losing = ["409 RESERVATION_ALREADY_HELD"];
  for (const [index] of places.entries()) {
    const own = answers.slice(index * 3, index * 3 + 3);
    assert.deepEqual(exactlyWon(own.map(verdict), 1, losing), []);
  }
  await sweep(deployment.sql);
});

test("two devices of one user reserve the same seats at once: one reservation", async () => {
  const places = await people(12);
  const answers = await race(
    places.flatMap((place, index) =>
      [0, 1, 2].map(
        (on) => () =>
          sale.reserve(place, { date: day, seatNumbers: [index * 4 + 1, index * 4 + 2] }, { on }),
      ),
    ),
  );
  for (const [index] of places.entries()) {
    const own = answers.slice(index * 3, index * 3 + 3).map(verdict);
    // SEAT_UNAVAILABLE may come first while another request, here of the same user, locks the seat.
    assert.deepEqual(
      exactlyWon(own, 1, ["409 RESERVATION_ALREADY_HELD", "409 SEAT_UNAVAILABLE"]),
      [],
    );
  }
  await sweep(deployment.sql);
});

test("many users reserve all seats at once: no user exceeds a limit, no seat is held twice", async () => {
  const places = await people(120, [{ date: day }, { date: dateIn(21) }]);
  const answers = await race(
    places.map((it, index) => () => {
      const start = (index * 7) % 47;
      const seatNumbers = [start + 1, start + 3, start + 2, start + 4].slice(0, (index % 4) + 1);
      return sale.reserve(
        it,
        { date: index % 2 === 0 ? day : dateIn(21), seatNumbers },
        { on: index % 3 },
      );
    }),
  );
  for (const answer of answers)
    assert.ok(answer.status === 201 || codeOf(answer) === "SEAT_UNAVAILABLE", answer.text);
  assert.ok(answers.some((it) => it.status === 201));
  await sweep(deployment.sql);
});

/** Every key of Redis, and the value of each that is a text. */
const readRedis = async (url: string): Promise<Map<string, string>> => {
  const redis = createClient({ url });
  await redis.connect();
  const texts = new Map<string, string>();
  for await (const keys of redis.scanIterator())
    for (const key of keys)
      texts.set(key, (await redis.type(key)) === "string" ? ((await redis.get(key)) ?? "") : "");
  await redis.close();
  return texts;
};

test("Redis holds a digest of an idempotency key during the attempt, never its text", async () => {
  const places = await people(2);
  const keys = ["first-users-key", "second-users-key"];
  const { concertId } = places[0] as Placed;
  const seats = "select from seat where concert_id = $1 and date = $2 for update";
  await using lock = await deployment.lock(seats, [concertId, day]);
  const attempts = places.map((place, index) =>
    sale.reserve(place, { date: day, seatNumbers: [index + 1] }, { key: keys[index] ?? "" }),
  );
  let texts = new Map<string, string>();
  let locks: string[] = [];
  while (locks.length < 2) {
    texts = await readRedis(deployment.redis.url);
    locks = [...texts].flatMap(([key, text]) =>
      key.includes(concertId) && key.includes(`lock:${day}`) ? [text] : [],
    );
  }
  for (const text of locks) assert.match(text, /^[0-9a-f-]{36} [A-Za-z0-9_-]{22}$/);
  assert.equal(new Set(locks.map((text) => text.split(" ")[1])).size, 2);
  const all = [...texts].flat().join("\n");
  assert.deepEqual(
    keys.filter((key) => all.includes(key) || all.includes(encodeURIComponent(key))),
    [],
  );
  await lock.release();
  for (const answer of await Promise.all(attempts)) assert.equal(answer.status, 201, answer.text);
});
