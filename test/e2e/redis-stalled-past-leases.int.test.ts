import assert from "node:assert/strict";
import { after, test } from "node:test";
import { refused, succeeded, verdict } from "#test/support/client.ts";
import { sweep } from "#test/support/invariants.ts";
import {
  dateIn,
  openSale,
  type Fan,
  type Placed,
  type QueueStatus,
  type Reservation,
} from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, mapConcurrently, sleep } from "#test/support/concurrency.ts";
import { suspend, resume } from "#test/support/processes.ts";
import { claimsOf } from "#test/support/tokens.ts";

// Goal: Redis stands still for longer than a session and the time to claim a slot. No user loses a turn
// that could not be used. A user with a hold in the database buys, a user who has paid gets no other turn,
// and the order stays.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const day = dateIn(20);
const sessionSeconds = 8;

/** A client in the queue: it asks with the newest token, and keeps each status that it gets. */
interface Person {
  place: Placed;
  statuses: QueueStatus[];
}

/** Asks once, on any instance; undefined when the queue does not answer. */
const ask = async (person: Person): Promise<QueueStatus | undefined> => {
  const answer = await sale.poll(person.place);
  if (answer.status === 503) return undefined;
  const status = succeeded<QueueStatus>(answer, 200);
  person.place = { ...person.place, queueToken: status.token };
  person.statuses.push(status);
  return status;
};

const come = async (fans: readonly Fan[], concertId: string): Promise<Person[]> => {
  const people: Person[] = [];
  for (const fan of fans) people.push({ place: await sale.placed(fan, concertId), statuses: [] });
  return people;
};

/** Asks from the last one to the first: an ACTIVE user behind a waiting one has overtaken that one. */
const askInOrder = async (queue: readonly Person[]): Promise<(QueueStatus | undefined)[]> => {
  const statuses: (QueueStatus | undefined)[] = [];
  for (const person of queue.toReversed()) statuses.unshift(await ask(person));
  const words = statuses.map((it) => it?.status);
  const lastActive = words.lastIndexOf("ACTIVE");
  const before = words.slice(0, Math.max(0, lastActive));
  assert.ok(!before.includes("WAITING"), `overtaken: ${words.join(" ")}`);
  return statuses;
};

/** Three ACTIVE users and six behind them; the first of the six has a turn and does not know it yet. */
const queueToFreeze = async () => {
  const policy = { maxActive: 3, sessionSeconds, claimSeconds: 3, holdSeconds: 60 };
  const fans = await sale.fans(9, { balance: 5_000 });
  const { concertId } = await sale.onSale({ dates: [{ date: day }], policy });
  const people = await come(fans, concertId);
  const [payer, holder, idler, called] = people as [Person, Person, Person, Person];
  const waiting = people.slice(4);
  for (const it of [payer, holder, idler])
    await eventually("the first three are ACTIVE", async () => {
      return (await ask(it))?.status === "ACTIVE" || undefined;
    });
  await mapConcurrently(waiting, 5, ask);
  const wider = { maxActive: 4, sessionSeconds: 120 };
  succeeded(await sale.admin("PATCH", `/concerts/${concertId}/policy`, wider), 200);
  const second = waiting[0] ?? assert.fail();
  await eventually("the fourth has a turn", async () => {
    return (await ask(second))?.position === 1 || undefined;
  });
  await mapConcurrently(waiting, 5, ask);
  return { concertId, payer, holder, idler, called, waiting };
};

type FrozenQueue = Awaited<ReturnType<typeof queueToFreeze>>;

/** Holds, pays and waits while Redis is frozen, past the end of the sessions. */
const whileFrozen = async (queue: FrozenQueue): Promise<Reservation> => {
  const { concertId, payer, holder, idler, waiting } = queue;
  const [paid, held] = (await mapConcurrently([payer, holder], 2, ({ place }, index) =>
    sale.reserved(place, { date: day, seatNumbers: [index + 1] }),
  )) as [Reservation, Reservation];
  for (const it of waiting) refused(await sale.poll(it.place), "UNAVAILABLE");
  const sessionEndsMs = Math.max(
    ...[payer, holder, idler].map(({ statuses }) => Date.parse(String(statuses.at(-1)?.expiresAt))),
  );
  // A token's own time is rounded up to the second.
  await sleep(sessionEndsMs + 1_500 - Date.now());
  succeeded(await sale.pay(payer.place, paid.reservationId), 201);
  const again = await sale.reserve(payer.place, { date: day, seatNumbers: [3] });
  assert.ok(again.status >= 400, again.text);
  const late = await sale.fan();
  for (const { index } of deployment.instances)
    refused(await sale.join(late, concertId, index), "UNAVAILABLE");
  return held;
};

test("Redis frozen past the ends of sessions: no turn is lost, holds carry on, a user who has paid gets no other turn, the order stays", async (t) => {
  const queue = await queueToFreeze();
  const { concertId, payer, holder, idler, called, waiting } = queue;
  suspend(deployment.redis.pid);
  const frozenMs = performance.now();
  const held = await whileFrozen(queue);
  // From now on a user may come late: what is judged is the turn that was given before.
  succeeded(await sale.admin("PATCH", `/concerts/${concertId}/policy`, { claimSeconds: 60 }), 200);
  await sleep(1_000);
  resume(deployment.redis.pid);
  t.diagnostic(`frozen for ${Math.round(performance.now() - frozenMs)} ms`);

  const first = await eventually("the queue answers", () => ask(called), 10);
  assert.equal(first.value.status, "ACTIVE", "the turn was over before its user could know of it");
  for (const { index } of deployment.instances) {
    await eventually(`instance ${index} has its queue back`, async () => {
      return (await sale.poll(called.place, index)).status === 200 || undefined;
    });
    const { value } = await eventually("the holder is answered", () => ask(holder), 10);
    assert.equal(value.status, "ACTIVE", "the hold carries the slot");
    // Whatever the queue knows by now, the database knows that this user has paid.
    const again = await sale.reserve(payer.place, { date: day, seatNumbers: [3] }, { on: index });
    const said = verdict(again);
    assert.ok(said === "401 QUEUE_TOKEN_ENDED" || said === "503 UNAVAILABLE", again.text);
  }
  await eventually("the queue learns of the payment", async () => {
    return (await ask(payer))?.endedReason === "PAID" || undefined;
  });
  succeeded(await sale.pay(holder.place, held.reservationId), 201);

  const newcomers = await come(await sale.fans(3), concertId);
  const all = [called, ...waiting, ...newcomers];
  // Three slots are free again: of the user who has paid, of the one who pays now, and of the idle one.
  await eventually("their slots are given", async () => {
    const statuses = await askInOrder(all);
    return statuses.filter((it) => it?.status === "ACTIVE").length >= 4 || undefined;
  });
  assert.deepEqual(
    (await askInOrder(all)).map((it) => it?.position ?? it?.status),
    ["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", 1, 2, 3, 4, 5],
  );
  assert.equal((await ask(idler))?.endedReason, "LAPSED");
  for (const { place } of [payer, holder]) {
    assert.equal((await sale.status(place)).endedReason, "PAID");
    const again = await sale.reserve(place, { date: day, seatNumbers: [4] });
    refused(again, "QUEUE_TOKEN_ENDED");
  }
  for (const { statuses } of waiting) {
    const positions = statuses.map(({ position }) => position ?? 0);
    const falling = positions.toSorted((a, b) => b - a);
    assert.deepEqual(positions, falling, "a position rose");
  }
  const marks = [payer, holder, idler, ...all].map(({ place }) => claimsOf(place.queueToken));
  const numbers = marks.map(({ epoch, seq }) => `${String(epoch)}.${String(seq)}`);
  assert.equal(new Set(numbers).size, numbers.length, `given twice: ${numbers.join(" ")}`);
  const seqs = marks.map(({ seq }) => Number(seq));
  const rising = seqs.toSorted((a, b) => a - b);
  assert.deepEqual(seqs, rising, "newcomers stand behind");
  await sweep(deployment.sql);
});
