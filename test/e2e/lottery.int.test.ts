import assert from "node:assert/strict";
import { after, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { drawValueOf } from "../../tools/verify-draw/draw.ts";
import {
  openSale,
  dateIn,
  type Fan,
  type OnSale,
  type Placed,
  type QueueStatus,
} from "#test/support/sale.ts";
import { refused, succeeded } from "#test/support/client.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";
import { verifyDraw } from "#test/support/verify-draw.ts";

// A lottery from the lobby to the ticket on three processes, and its draw checked from outside.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const lobbyMs = 4_000;

interface PublishedDraw {
  readonly commitment: string;
  readonly seed: string | null;
  readonly drawnAt: string | null;
  readonly entrants: number | null;
  readonly entrantsDigest: string | null;
}
interface Queue {
  readonly state: string;
  readonly mode: string;
  readonly nowServing: number | null;
  readonly lastIssued: number | null;
  readonly waiting: number;
  readonly draw: PublishedDraw | null;
}

const queuePath = ({ concertId }: OnSale): string => `/api/v1/concerts/${concertId}/queue`;
const readQueue = (concert: OnSale, on = 0) =>
  call({ method: "GET", path: queuePath(concert), on });
const queueOf = async (concert: OnSale, on = 0): Promise<Queue> =>
  succeeded<Queue>(await readQueue(concert, on), 200);

const openLottery = (policy: object = {}): Promise<OnSale> =>
  sale.onSale({
    dates: [{ date: dateIn(30) }],
    policy: {
      mode: "lottery",
      admitsAt: inMs(lobbyMs),
      maxActive: 1,
      admissionsPerMinute: 60_000,
      shoppersPerSeat: 2,
      ...policy,
    },
  });

const untilDrawn = async (concert: OnSale): Promise<Queue & { draw: PublishedDraw }> => {
  let tries = 0;
  const { value } = await eventually("the lobby is drawn", async () => {
    const answer = await readQueue(concert, (tries += 1) % 3);
    if (answer.status === 503) return undefined;
    const queue = succeeded<Queue>(answer, 200);
    return queue.draw?.seed == null ? undefined : { ...queue, draw: queue.draw };
  });
  return value;
};

const inOrderOf = (seed: string, fans: readonly Fan[]): Fan[] =>
  fans.toSorted((a, b) => drawValueOf(seed, a.userId) - drawValueOf(seed, b.userId));

const firstUrl = deployment.instances[0]?.url ?? assert.fail();
const entrants = await sale.fans(12);
const concert = await openLottery();
const before = await queueOf(concert);
const placed: Placed[] = await Promise.all(
  entrants.map((fan) => sale.placed(fan, concert.concertId)),
);

test("each user of the lobby sees its state, and none sees a position, a value or the seed", async () => {
  for (const who of placed) {
    const status = await sale.status(who);
    assert.deepEqual(
      [status.status, status.queueState, status.position, status.ahead],
      ["LOBBY", "LOBBY", null, null],
    );
  }
  const { state, mode, nowServing, lastIssued, waiting, draw } = await queueOf(concert, 1);
  assert.deepEqual(
    { state, mode, nowServing, lastIssued, waiting },
    { state: "LOBBY", mode: "lottery", nowServing: null, lastIssued: null, waiting: 12 },
  );
  assert.match(String(draw?.commitment), /^[0-9a-f]{64}$/);
  assert.deepEqual(draw, {
    commitment: before.draw?.commitment,
    seed: null,
    drawnAt: null,
    entrants: null,
    entrantsDigest: null,
  });
  const list = await call({ method: "GET", path: `${queuePath(concert)}/draw` });
  assert.deepEqual(succeeded(list, 200), { items: [], nextCursor: null });
});

test("a user who joins the lobby again, on any instance, has the same place", async () => {
  for (const on of [0, 1, 2]) {
    const answer = await sale.join(entrants[0] ?? assert.fail(), concert.concertId, on);
    assert.equal(answer.status, 200);
  }
});

test("a user who leaves the lobby is not drawn; one who comes back is, at the same value", async () => {
  const leaver = placed.at(-1) ?? assert.fail();
  assert.equal((await sale.leave(leaver)).status, 204);
  assert.equal((await sale.status(leaver)).endedReason, "LEFT");
  const returner = placed[0] ?? assert.fail();
  assert.equal((await sale.leave(returner)).status, 204);
  placed[0] = await sale.placed(returner, concert.concertId);
  assert.notEqual(placed[0].queueToken, returner.queueToken);
  assert.equal((await sale.status(returner)).status, "ENDED");
});

test("every instance publishes the draw, it can be checked, and users are admitted in its order", async () => {
  const { draw, state } = await untilDrawn(concert);
  assert.ok(draw.seed !== null);
  assert.equal(state, "OPEN");
  assert.equal(draw.commitment, before.draw?.commitment);
  assert.equal(draw.entrants, 11);
  const late = await sale.placed(await sale.fan(), concert.concertId);
  const drawn = inOrderOf(draw.seed, entrants.slice(0, -1));
  const first = drawn[0] ?? assert.fail();
  await sleep(600);
  for (const [index, fan] of drawn.entries()) {
    const who = placed.find(({ userId }) => userId === fan.userId) ?? assert.fail();
    const status = await sale.status(who);
    assert.deepEqual(
      [status.status, status.position],
      index === 0 ? ["ACTIVE", null] : ["WAITING", index],
    );
  }
  assert.equal((await sale.status(late)).position, 11);

  const { code, said } = await verifyDraw(
    deployment.instances[2]?.url ?? assert.fail(),
    concert.concertId,
    "--user",
    first.userId,
    "--commitment",
    draw.commitment,
  );
  assert.equal(code, 0, said);
  assert.match(said, /the place 1 of 11/);
  for (const on of [0, 1, 2]) assert.deepEqual((await queueOf(concert, on)).draw, draw);
});

test("the first of the draw buys", async () => {
  const { draw } = await untilDrawn(concert);
  const [fan] = inOrderOf(draw.seed ?? "", entrants.slice(0, -1));
  assert.ok(fan);
  succeeded(await sale.charge(fan, 1_000_000), 201);
  const winner = await sale.admitted(fan, concert.concertId);
  const wanted = { date: concert.dates[0] ?? "", seatNumbers: [1] };
  const { reservationId } = await sale.reserved(winner, wanted);
  succeeded(await sale.pay(winner, reservationId), 201);
  const again = await sale.placed(fan, concert.concertId);
  await sleep(600);
  assert.equal((await sale.status(again)).position, 11, "behind everybody, the late one too");
});

test("the whole list comes as text, to be kept for ever", async () => {
  await untilDrawn(concert);
  const answer = await fetch(`${firstUrl}${queuePath(concert)}/draw/file`);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
  assert.match(answer.headers.get("cache-control") ?? "", /immutable/);
  const queues = (await answer.text()).split("\n");
  assert.equal(queues.length, 12);
  const list = succeeded(
    await call({ method: "GET", path: `${queuePath(concert)}/draw?limit=100` }),
    200,
  ) as { items: { drawValue: number; userHash: string }[]; nextCursor: string | null };
  assert.deepEqual(
    list.items.map(({ drawValue, userHash }) => `${drawValue} ${userHash}`),
    queues.slice(0, -1),
  );
  assert.equal(list.nextCursor, null);
});

test("a list that was tampered with fails the check", async () => {
  await untilDrawn(concert);
  const swap = (from: string, to: string) =>
    deployment.sql(
      `update queue_draw_page set places = ${to} where concert_id = $1 and ${from} is not null`,
      [concert.concertId],
    );
  // The first two places change hands: 40 bytes each.
  await swap(
    "places",
    "substring(places from 41 for 40) || substring(places from 1 for 40) || substring(places from 81)",
  );
  const { code, said } = await verifyDraw(firstUrl, concert.concertId);
  assert.equal(code, 1, said);
  assert.match(said, /FAILS .*do NOT ascend/);
});

test("a queue of arrival has no draw, and a concert that is not there none either", async () => {
  const fifo = await sale.onSale();
  assert.equal((await queueOf(fifo)).draw, null);
  for (const path of [`${queuePath(fifo)}/draw`, `${queuePath(fifo)}/draw/file`]) {
    refused(await call({ method: "GET", path }), "NOT_FOUND");
  }
  const nowhere = `/api/v1/concerts/${crypto.randomUUID()}/queue/draw`;
  refused(await call({ method: "GET", path: nowhere }), "CONCERT_NOT_FOUND");
  const strange = `${queuePath(concert)}/draw?cursor=x`;
  refused(await call({ method: "GET", path: strange }), "INVALID_REQUEST");
});

/** Another server takes a queue over within 3 s. Until each instance knows that, it answers 503. */
const statusOnceBack = async (place: Placed): Promise<QueueStatus> => {
  const { value } = await eventually("the place is back", async () => {
    const answer = await sale.poll(place);
    return answer.status === 503 ? undefined : succeeded<QueueStatus>(answer, 200);
  });
  return value;
};

/** Asks for each place as its page would: a user who asks no more is skipped at the turn. */
const pollUntilDrawn = async (places: readonly Placed[]): Promise<void> => {
  await eventually(
    "no place is in the lobby",
    async () => {
      const all = await Promise.all(places.map(statusOnceBack));
      return all.every(({ status }) => status !== "LOBBY") || undefined;
    },
    500,
  );
};

test("users whom the store has lost, before the draw or after it, keep their order by their tokens", async () => {
  const lottery = await openLottery();
  const fans = await sale.fans(4);
  const places = await Promise.all(fans.map((fan) => sale.placed(fan, lottery.concertId)));
  await deployment.redis.restart();
  for (const place of places) assert.equal((await statusOnceBack(place)).status, "LOBBY");
  // The draw waits until people have had the time to come back.
  const [{ draw }] = await Promise.all([untilDrawn(lottery), pollUntilDrawn(places)]);
  assert.equal(draw.entrants, 4);

  const order = inOrderOf(draw.seed ?? "", fans).map(({ userId }) => userId);
  const drawn = order.map((_, index) => (index === 0 ? ["ACTIVE", null] : ["WAITING", index]));
  const inDrawnOrder = async (asking: readonly Placed[]): Promise<QueueStatus[]> => {
    const { value } = await eventually("the users are told the drawn order", async () => {
      const all = await Promise.all(asking.map(statusOnceBack));
      const inOrder = order.map((userId) => {
        const { status, position } = all.find((one) => one.userId === userId) ?? assert.fail();
        return [status, position];
      });
      return isDeepStrictEqual(inOrder, drawn) ? all : undefined;
    });
    return value;
  };
  const before = await inDrawnOrder(places);
  await deployment.redis.restart();
  const shown = before.map(({ token }, index) => ({ ...places[index], queueToken: token }));
  await inDrawnOrder(shown as Placed[]);
  assert.deepEqual((await queueOf(lottery, 1)).draw, draw, "the draw stays");
  const { code, said } = await verifyDraw(firstUrl, lottery.concertId);
  assert.equal(code, 0, said);
});
