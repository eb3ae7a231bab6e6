import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, type Members } from "#test/support/client.ts";
import { openSale, type Placed } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";

// The operator's view of a queue: its course, the history of a place, and the effect of a change.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

interface Point {
  readonly at: string;
  readonly waiting: number;
  readonly active: number;
  readonly joined: number;
  readonly admitted: number;
  readonly left: number;
  readonly seatsSold: number | null;
}

interface Story {
  readonly status: string;
  readonly position: number | null;
  readonly endedReason: string | null;
  readonly explanation: string;
  readonly events: readonly { event: string; at: string | null; explanation: string }[];
}

const operator = async (concertId: string, path: string): Promise<Members> =>
  succeeded(await sale.admin("GET", `/concerts/${concertId}/${path}`), 200);

const storiesOf = async (concertId: string, userId: string): Promise<readonly Story[]> =>
  (await operator(concertId, `places/${userId}`))["places"] as Story[];

const storyOf = async ({ concertId, userId }: Placed): Promise<Story> => {
  const stories = await storiesOf(concertId, userId);
  return stories.at(-1) ?? assert.fail("nothing is known of the place");
};

const kindsOf = ({ events }: Story): string => events.map(({ event }) => event).join();

const untilRecorded = (place: Placed, kinds: string): Promise<unknown> =>
  eventually(kinds, async () => kindsOf(await storyOf(place)) === kinds || undefined);

test("statistics cover joins, waits and abandonment of the whole sale", async () => {
  const { concertId } = await sale.onSale({ price: 400, policy: { maxActive: 1 } });
  const [buyer, leaver] = [await sale.fan({ balance: 1_000 }), await sale.fan()];
  const first = await sale.admitted(buyer, concertId);
  const waiting = await sale.placed(leaver, concertId);
  const last = await sale.placed(await sale.fan(), concertId);
  await sleep(2_200);
  await sale.leave(waiting);
  const held = await sale.reserved(first, {
    date: await dateOf(concertId),
    seatNumbers: [1],
  });
  succeeded(await sale.pay(first, held.reservationId), 201);
  await eventually(
    "the last one's turn",
    async () => (await sale.status(last)).status === "ACTIVE" || undefined,
  );
  const { value: stats } = await eventually("figures", async () => {
    const found = await operator(concertId, "stats");
    return found["admittedTotal"] === 2 && found["waitSeconds"] !== null ? found : undefined;
  });
  assert.equal(stats["joinedTotal"], 3);
  assert.deepEqual(stats["abandoned"], { left: 1, lapsed: 0, share: 0.3333 });
  const { p50, p90, p99 } = stats["waitSeconds"] as Record<string, number>;
  assert.ok(Number(p50) <= 1.5, `the first one waited ${p50}`);
  assert.ok(Number(p90) >= 1 && Number(p90) <= 8, `the last one waited ${p90}`);
  assert.equal(p99, p90);
});

test("statistics count the skipped users until they come back", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1, claimSeconds: 1 } });
  const away = await sale.placed(await sale.fan(), concertId);
  const { value } = await eventually("the user is skipped", async () => {
    const stats = await operator(concertId, "stats");
    return stats["aside"] === 1 ? stats : undefined;
  });
  assert.deepEqual(value["abandoned"], { left: 0, lapsed: 0, share: 0 });
  succeeded(await sale.poll(away), 200);
  await eventually("the user is back", async () => {
    const stats = await operator(concertId, "stats");
    return stats["aside"] === 0 || undefined;
  });
});

const dateOf = async (concertId: string): Promise<string> => {
  const concert = succeeded<{ dates: { date: string }[] }>(
    await sale.call({ path: `/api/v1/concerts/${concertId}` }),
    200,
  );
  return concert.dates[0]?.date ?? assert.fail();
};

test("a chart has a point of the queue every ten seconds", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 2 } });
  await Promise.all((await sale.fans(7)).map((fan) => sale.placed(fan, concertId)));
  const chart = async (): Promise<readonly Point[]> =>
    (await operator(concertId, "stats/history?minutes=1"))["items"] as Point[];
  const sum = (points: readonly Point[], key: "joined" | "admitted") =>
    points.reduce((all, point) => all + point[key], 0);
  const { value: points } = await eventually("chart", async () => {
    const found = await chart();
    return sum(found, "joined") === 7 && sum(found, "admitted") === 2 ? found : undefined;
  });
  assert.deepEqual([points.at(-1)?.waiting, points.at(-1)?.active], [5, 2]);
  const times = points.map(({ at }) => Date.parse(at));
  for (const [index, at] of times.entries())
    assert.ok(index === 0 || at - (times[index - 1] ?? 0) === 10_000, "every ten seconds");
  refused(
    await sale.admin("GET", `/concerts/${concertId}/stats/history?minutes=1441`),
    "INVALID_REQUEST",
  );
});

test("a preview has the wait now and under the change, and leaves no trace", async () => {
  const { concertId } = await sale.onSale({ policy: { admissionsPerMinute: 60 } });
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/pause`), 200);
  await sleep(1_200);
  await Promise.all((await sale.fans(30)).map((fan) => sale.placed(fan, concertId)));
  const audit = async (): Promise<unknown> =>
    succeeded(await sale.admin("GET", `/audit?concertId=${concertId}`), 200)["items"];
  const before = await audit();
  const path = `/concerts/${concertId}/policy/preview`;
  const { value: seen } = await eventually("figures", async () => {
    const found = succeeded(await sale.admin("POST", path, { admissionsPerMinute: 600 }), 200);
    return found["waiting"] === 30 ? found : undefined;
  });
  const wait = (key: "now" | "changed") => (seen[key] as Members)["lastWaitSeconds"];
  assert.deepEqual([wait("now"), wait("changed")], [30, 3]);
  assert.deepEqual([seen["state"], (seen["now"] as Members)["limitedBy"]], ["PAUSED", "RATE"]);
  assert.deepEqual(await audit(), before);
  const patched = succeeded(await sale.admin("PATCH", `/concerts/${concertId}/policy`, {}), 200);
  assert.equal((patched["policy"] as Members)["admissionsPerMinute"], 60);
  refused(await sale.admin("POST", path, { maxActive: 0 }), "INVALID_REQUEST");
  refused(await sale.admin("POST", path, { mode: "lottery" }), "INVALID_REQUEST");
  refused(
    await sale.admin("POST", `/concerts/${randomUUID()}/policy/preview`, {}),
    "CONCERT_NOT_FOUND",
  );
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/close`), 200);
  await eventually("closed on every instance", async () => {
    const answers = await Promise.all(
      [0, 1].map((on) => sale.admin("POST", path, { maxActive: 5 }, on)),
    );
    return answers.every(({ status }) => status === 409) || undefined;
  });
});

test("the history of a place goes from joining to paying, and is the user's own", async () => {
  const { concertId } = await sale.onSale({ price: 5, policy: { maxActive: 1 } });
  const place = await sale.admitted(await sale.fan({ balance: 5 }), concertId);
  const behind = await sale.placed(await sale.fan(), concertId);
  await untilRecorded(place, "JOINED,ADMITTED");
  const active = await storyOf(place);
  assert.deepEqual([active.status, active.position], ["ACTIVE", null]);
  const waiting = await storyOf(behind);
  assert.deepEqual([waiting.status, waiting.position], ["WAITING", 1]);
  assert.match(waiting.events[0]?.explanation ?? "", /number 2: 1 user had joined before/);
  await eventually("the joining is noted", async () => {
    const { at } = (await storyOf(behind)).events[0] ?? assert.fail();
    return (at !== null && Math.abs(Date.parse(at) - Date.now()) < 10_000) || undefined;
  });
  const date = await dateOf(concertId);
  const held = await sale.reserved(place, { date, seatNumbers: [7] });
  succeeded(await sale.pay(place, held.reservationId), 201);
  await untilRecorded(place, "JOINED,ADMITTED,PAID");
  const paid = await storyOf(place);
  assert.deepEqual([paid.status, paid.endedReason], ["ENDED", "PAID"]);
  await eventually(
    "the next one's turn",
    async () => (await storyOf(behind)).status === "ACTIVE" || undefined,
  );
});

test("an operator's read is no presence: a place stays skipped until its user returns", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1, claimSeconds: 1 } });
  const place = await sale.placed(await sale.fan(), concertId);
  const next = await sale.placed(await sale.fan(), concertId);
  await untilRecorded(place, "JOINED,ADMITTED,STEPPED_OVER");
  assert.equal((await storyOf(place)).status, "AWAY");
  await sleep(300);
  assert.equal((await storyOf(place)).status, "AWAY");
  await sale.status(place);
  await eventually(
    "returned",
    async () =>
      kindsOf(await storyOf(place)).startsWith("JOINED,ADMITTED,STEPPED_OVER,RETURNED") ||
      undefined,
  );
  assert.ok((await storyOf(next)).events.length >= 1);
});

test("each place of a user has a history of its own", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
  await sale.admitted(await sale.fan(), concertId);
  const fan = await sale.fan();
  await sale.leave(await sale.placed(fan, concertId));
  await sale.placed(fan, concertId);
  await eventually("both places", async () => {
    const stories = await storiesOf(concertId, fan.userId);
    const ends = stories.map(({ status, events }) => `${status} ${events.at(-1)?.event}`).join();
    return ends === "ENDED LEFT,WAITING JOINED" || undefined;
  });
});

test("an unknown user has no places; an unknown concert is CONCERT_NOT_FOUND", async () => {
  const { concertId } = await sale.onSale();
  assert.deepEqual(await storiesOf(concertId, randomUUID()), []);
  for (const path of [`places/${randomUUID()}`, "stats/history"])
    refused(await sale.admin("GET", `/concerts/${randomUUID()}/${path}`), "CONCERT_NOT_FOUND");
  refused(await sale.admin("GET", `/concerts/${concertId}/places/me`), "INVALID_REQUEST");
});

/** Keeps asking for all of them, as their apps would: who is absent at the front is passed over. */
const present = (places: readonly Placed[]): AsyncDisposable => {
  let isOver = false;
  const asking = Promise.all(
    places.map(async (place, index) => {
      await sleep(index * 10);
      while (!isOver) {
        await sale.poll(place);
        await sleep(900);
      }
    }),
  );
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      await asking;
    },
  };
};

test("after a pause the rate grows evenly from nothing over the ramp, on all instances together", async () => {
  const { concertId } = await sale.onSale({ policy: { admissionsPerMinute: 1_200 } });
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/pause`), 200);
  await sleep(1_200);
  const places: Placed[] = [];
  for (const fan of await sale.fans(90)) places.push(await sale.placed(fan, concertId));
  await using _present = present(places);
  const rampSeconds = 6;
  const resumed = succeeded(
    await sale.admin("POST", `/concerts/${concertId}/queue/resume`, { rampSeconds }),
    200,
  );
  const resumedAtMs = Date.parse(String(resumed["resumedAt"]));
  // More than the ramp lets in: some are admitted at the full rate.
  const { value: rows } = await eventually("users after the ramp", async () => {
    const found = await deployment.sql<{ afterMs: number }>(
      `select (extract(epoch from at) * 1000 - $2::bigint)::float8 as "afterMs"
       from queue_journal where concert_id = $1 and kind = 'ADMITTED' order by n`,
      [concertId, resumedAtMs],
    );
    return found.length >= 75 ? found : undefined;
  });
  const admittedBy = (seconds: number) =>
    rows.filter(({ afterMs }) => afterMs <= seconds * 1_000).length;
  // 20 a second in the end: after t of 6 s the ramp has let at most 20 · t² / 12 people in, and one token more.
  for (const seconds of [1, 2, 3, 4, 5, 6, 7]) {
    const inRamp = Math.min(seconds, rampSeconds);
    const due = (20 * inRamp ** 2) / (2 * rampSeconds) + 20 * (seconds - inRamp);
    const found = admittedBy(seconds);
    assert.ok(found <= due + 2, `${found} after ${seconds} s, where ${due} were due`);
  }
});

test("a queue that lost its store goes on counting", async () => {
  const { concertId } = await sale.onSale({ policy: { maxActive: 1 } });
  await Promise.all((await sale.fans(4)).map((fan) => sale.placed(fan, concertId)));
  const joined = (count: number) =>
    eventually(`${count} joined`, async () => {
      const { joinedTotal } = await operator(concertId, "stats");
      return joinedTotal === count || undefined;
    });
  await joined(4);
  await sleep(1_200);
  await deployment.redis.kill();
  await deployment.redis.restart();
  await eventually("joining again", async () => {
    const answer = await sale.join(await sale.fan(), concertId);
    return answer.status < 300 || undefined;
  });
  await joined(5);
});
