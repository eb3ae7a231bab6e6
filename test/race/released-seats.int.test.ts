import assert from "node:assert/strict";
import { after, describe, it, test } from "node:test";
import { succeeded, verdict, type Answer } from "#test/support/client.ts";
import { isOverloaded, sleep } from "#test/support/concurrency.ts";
import { sweep } from "#test/support/invariants.ts";
import { freeRefunds, refund, refundAsOperator } from "#test/support/refunds.ts";
import { dateIn, openSale, type Placed, type Reservation } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { buy } from "#test/support/tickets.ts";
import { releaseDelayMs } from "../../src/sale/adapters/known-taken.ts";
import { freeOnceReleased, type SeatHistory } from "./checkers.ts";

// A seat that is released on one of three processes, a moment after users have tried to reserve it on all of them. The
// attempt that goes out after the answer must not be refused. Controls: checkers.test.ts,
// and known-taken.test.ts in src/sale/adapters with a release that is told too early.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const day = dateIn(20);
const seatNumber = 7;
const seat = { date: day, seatNumbers: [seatNumber] };
const roundsCount = 6;

/** A taken seat, and the request that gives it up. */
interface Taken {
  release(on: number): Promise<Answer>;
  /** The statuses of the release's answer. */
  readonly statuses: readonly number[];
}

const policy = { refunds: freeRefunds, maxSeatsPerUser: 50 };
const onSale = () => sale.onSale({ dates: [{ date: day }], policy });

/** A user who holds the seat. */
const held = async (concertId: string): Promise<[Placed, Reservation]> => {
  const owner = await sale.admitted(await sale.fan(), concertId);
  return [owner, await sale.reserved(owner, seat)];
};

const kinds: Record<string, (concertId: string) => Promise<Taken>> = {
  "cancelled by its user": async (concertId) => {
    const [owner, { reservationId }] = await held(concertId);
    return { release: (on) => sale.cancel(owner, reservationId, on), statuses: [204] };
  },
  "given up with the place": async (concertId) => {
    const [owner] = await held(concertId);
    return { release: (on) => sale.leave(owner, on), statuses: [204] };
  },
  "released by an operator": async (concertId) => {
    const [, { reservationId }] = await held(concertId);
    const path = `/reservations/${reservationId}/release`;
    return {
      release: (on) => sale.admin("POST", path, { reason: "No show" }, on),
      statuses: [200],
    };
  },
  "refunded by its buyer": async (concertId) => {
    const fan = await sale.fan({ balance: 1_000 });
    const { paymentId } = await buy(sale, fan, { concertId, dates: [day], price: 1_000 }, [
      seatNumber,
    ]);
    return { release: (on) => refund(sale, fan, paymentId, { on }), statuses: [201] };
  },
  "refunded by an operator": async (concertId) => {
    const fan = await sale.fan({ balance: 1_000 });
    const { paymentId } = await buy(sale, fan, { concertId, dates: [day], price: 1_000 }, [
      seatNumber,
    ]);
    const named = { concertId, token: deployment.operatorKey };
    const body = { paymentIds: [paymentId] };
    return { release: (on) => refundAsOperator(sale, named, body, { on }), statuses: [201] };
  },
  "unblocked by an operator": async (concertId) => {
    const change = (how: string, on?: number) => {
      const path = `/concerts/${concertId}/dates/${day}/seats/${how}`;
      return sale.admin("POST", path, { seatNumbers: [seatNumber], reason: "House" }, on);
    };
    succeeded(await change("block"), 200);
    return { release: (on) => change("unblock", on), statuses: [200] };
  },
};

/**
 * Users ask for the seat on all instances, so that each knows it as taken; it is released; at once a user asks on another
 * instance than that of the release.
 */
const releaseUnderFire = async (
  taken: Taken,
  users: readonly Placed[],
  on: number,
): Promise<SeatHistory> => {
  const asked: Answer[] = [];
  let isReleasing = false;
  const ask = async (user: Placed, index: number): Promise<void> => {
    while (!isReleasing) asked.push(await sale.reserve(user, seat, { on: index % 3 }));
  };
  const asking = users.slice(1).map(ask);
  await sleep(100);
  isReleasing = true;
  await Promise.all(asking);
  const release = await taken.release(on);
  const [first] = users;
  assert.ok(first);
  asked.push(await sale.reserve(first, seat, { on: (on + 1) % 3 }));
  succeeded(release, ...taken.statuses);
  assert.ok(
    release.answeredMs - release.sentMs >= releaseDelayMs,
    "the release waits with its answer",
  );
  const expected = ["409 SEAT_UNAVAILABLE", ...(isOverloaded() ? ["503 UNAVAILABLE"] : [])];
  for (const answer of asked.slice(0, -1)) assert.ok(expected.includes(verdict(answer)));
  const byStatus = (status: number) => asked.filter((answer) => answer.status === status);
  assert.ok(byStatus(409).length > 0, "the seat was refused before");
  return { releases: [release], takes: byStatus(201), refusals: byStatus(409) };
};

describe("a seat that others ask for on three instances", () => {
  for (const [kind, take] of Object.entries(kinds))
    it(`is free for every request after the answer, when it is ${kind}`, async () => {
      for (let round = 0; round < roundsCount; round += 1) {
        const { concertId } = await onSale();
        const taken = await take(concertId);
        const users = await sale.allAdmitted(await sale.fans(7), concertId);
        const history = await releaseUnderFire(taken, users, round % 3);
        assert.deepEqual(freeOnceReleased(history), []);
      }
    });
});

test("a hold that lapses is free from its end on, on each instance that refused its seat a moment before", async () => {
  for (let on = 0; on < 3; on += 1) {
    const short = { ...policy, holdSeconds: 1 };
    const { concertId } = await sale.onSale({ dates: [{ date: day }], policy: short });
    const [user] = await sale.allAdmitted(await sale.fans(1), concertId);
    assert.ok(user);
    const [, { expiresAt }] = await held(concertId);
    const refusedAtMs: number[] = [];
    for (;;) {
      const sentAtMs = Date.now();
      const answer = await sale.reserve(user, seat, { on });
      if (answer.status === 201) break;
      refusedAtMs.push(sentAtMs);
      assert.ok(sentAtMs < Date.parse(expiresAt), "refused after the end of the hold");
    }
    assert.ok(refusedAtMs.length > 0);
  }
  await sweep(deployment.sql);
});
