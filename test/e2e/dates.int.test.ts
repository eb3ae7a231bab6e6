import assert from "node:assert/strict";
import { after, test } from "node:test";
import { codeOf, refused, succeeded, type Answer, type Members } from "#test/support/client.ts";
import { eventually, sleep } from "#test/support/concurrency.ts";
import { isStatus, openEvents } from "#test/support/events.ts";
import { dateIn, openSale, type Placed, type QueueStatus } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";

// Dates that an operator adds to a sale, and starts that move, on three instances.

const deployment = await startDeployment({ instances: 3 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;
const instances = [0, 1, 2] as const;

const [early, late] = [dateIn(10), dateIn(20)];
const startOf = (date: string, time = "10:00:00.000"): string => `${date}T${time}Z`;

const addDate = (concertId: string, body: Members, on = 0): Promise<Answer> =>
  sale.admin("POST", `/concerts/${concertId}/dates`, body, on);

const moveDate = (concertId: string, date: string, body: Members, on = 0): Promise<Answer> =>
  sale.admin("PATCH", `/concerts/${concertId}/dates/${date}`, body, on);

const read = async (concertId: string): Promise<Members> =>
  succeeded<Members>(await sale.admin("GET", `/concerts/${concertId}`), 200);

const pointersOf = (answer: Answer): unknown => {
  const { errors } = refused(answer, "INVALID_REQUEST") as { errors?: { pointer: string }[] };
  return errors?.map(({ pointer }) => pointer);
};

/** The state that each instance tells of a queue. */
const statesOf = (concertId: string): Promise<unknown[]> =>
  Promise.all(
    instances.map(
      async (on) =>
        succeeded<Members>(await call({ path: `/api/v1/concerts/${concertId}/queue`, on }), 200)[
          "state"
        ],
    ),
  );

const everywhere = (concertId: string, state: string) =>
  eventually(`each instance tells ${state}`, async () =>
    (await statesOf(concertId)).every((one) => one === state) ? true : undefined,
  );

/** The dates that each instance offers to a user who may buy. */
const bookable = (place: Placed): Promise<Members[][]> =>
  Promise.all(
    instances.map(async (on) => {
      const path = `/api/v1/concerts/${place.concertId}/dates`;
      const answer = await call({ path, token: place.queueToken, on });
      return succeeded<{ items: Members[] }>(answer, 200).items;
    }),
  );

test("an added date is on sale on every instance, with the figures of operators; a repeat with its key is answered again", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: late }] });
  const buyer = await sale.admitted(await sale.fan({ balance: 10_000 }), concertId);
  const { version } = await read(concertId);
  const body = { date: early, startsAt: startOf(early), version };
  const path = `/admin/v1/concerts/${concertId}/dates`;
  const send = (on: number, more: Members = {}) =>
    call({
      method: "POST",
      path,
      token: deployment.operatorKey,
      body: { ...body, ...more },
      key: "one click",
      on,
    });
  const [first, second] = await Promise.all([send(0), send(1)]);
  const added = succeeded<Members>(first, 201);
  assert.deepEqual(succeeded<Members>(second, 201), added);
  assert.deepEqual(
    [added["version"], (added["dates"] as unknown[])[0]],
    [Number(version) + 1, { date: early, startsAt: startOf(early) }],
  );
  assert.equal(codeOf(await send(2, { date: dateIn(11) })), "VERSION_CONFLICT");
  assert.equal(codeOf(await send(2, { date: dateIn(11), version: 2 })), "INVALID_REQUEST");
  await eventually("each instance offers the date", async () =>
    (await bookable(buyer)).every((items) => items.length === 2) ? true : undefined,
  );
  const [items] = await bookable(buyer);
  assert.deepEqual(items?.[0], {
    ...{ date: early, startsAt: startOf(early) },
    ...{ seatsAvailable: 50, seatsTotal: 50 },
  });
  const held = await sale.reserved(buyer, { date: early, seatNumbers: [50] });
  succeeded(await sale.pay(buyer, held.reservationId), 201);
  const concert = await call({ path: `/api/v1/concerts/${concertId}`, on: 2 });
  assert.equal((succeeded<Members>(concert, 200)["dates"] as unknown[]).length, 2);
  const { value: stats } = await eventually("the figures have both dates", async () => {
    const found = succeeded<Members>(await sale.admin("GET", `/concerts/${concertId}/stats`), 200);
    return found["seatsSold"] === 1 ? found : undefined;
  });
  assert.deepEqual([stats["seatsTotal"], stats["seatsAvailable"]], [100, 99]);
  const sales = succeeded<{ items: Members[] }>(
    await sale.admin("GET", `/concerts/${concertId}/sales`),
    200,
  ).items;
  assert.deepEqual(
    sales.map(({ date, seatsSold }) => [date, seatsSold]),
    [
      [early, 1],
      [late, 0],
    ],
  );
});

test("a date or a start that the sale cannot have is refused with its place, and nothing is stored", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: late, startsAt: startOf(late) }] });
  const before = await read(concertId);
  const bodies: readonly [Members, readonly string[]][] = [
    [{ date: late }, ["/date"]],
    [{ date: "2026-02-30" }, ["/date"]],
    [{ date: dateIn(-2) }, ["/date"]],
    [{ date: early, startsAt: startOf(late) }, ["/startsAt"]],
    [{ date: early, startsAt: "soon" }, ["/startsAt"]],
    [{ startsAt: startOf(early) }, ["/date"]],
    [{ date: early, version: 0 }, ["/version"]],
    [{ date: early, seats: 50 }, ["/seats"]],
  ];
  for (const [body, pointers] of bodies)
    assert.deepEqual(pointersOf(await addDate(concertId, body)), pointers, JSON.stringify(body));
  for (const startsAt of [startOf(early), startOf(dateIn(21), "00:00:00.000"), "never"])
    assert.deepEqual(pointersOf(await moveDate(concertId, late, { startsAt })), ["/startsAt"]);
  refused(await moveDate(concertId, early, { startsAt: startOf(early) }), "DATE_NOT_FOUND");
  const unknown = "00000000-0000-7000-8000-000000000000";
  refused(await addDate(unknown, { date: early }), "CONCERT_NOT_FOUND");
  refused(await moveDate(unknown, late, { startsAt: startOf(late) }), "CONCERT_NOT_FOUND");
  assert.deepEqual(await read(concertId), before);
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/close`), 200);
  refused(await addDate(concertId, { date: early }), "QUEUE_NOT_OPEN");
});

test("of two operators who saw one version the later one is told, whatever each changes", async () => {
  const { concertId } = await sale.onSale({ dates: [{ date: late }] });
  const { version } = await read(concertId);
  const changes = [
    () => addDate(concertId, { date: early, version }, 0),
    () => addDate(concertId, { date: dateIn(11), version }, 1),
    () => moveDate(concertId, late, { startsAt: startOf(late, "09:00:00.000"), version }, 2),
    () => sale.admin("PATCH", `/concerts/${concertId}`, { title: "Late", version }, 1),
  ];
  const answers = await Promise.all(changes.map((change) => change()));
  const codes = answers.map((answer) => (answer.status < 300 ? "done" : codeOf(answer)));
  assert.deepEqual(codes.toSorted(), [
    "VERSION_CONFLICT",
    "VERSION_CONFLICT",
    "VERSION_CONFLICT",
    "done",
  ]);
  await eventually("one change is made", async () =>
    (await read(concertId))["version"] === Number(version) + 1 ? true : undefined,
  );
});

/** The buyers buy all seats of a date, ten each. */
const sellTo = async (buyers: readonly Placed[], date: string): Promise<void> => {
  for (const [turn, buyer] of buyers.entries()) {
    const seatNumbers = Array.from({ length: 10 }, (_, n) => turn * 10 + n + 1);
    const { reservationId } = await sale.reserved(buyer, { date, seatNumbers });
    succeeded(await sale.pay(buyer, reservationId), 201);
  }
};

const tenSeats = { maxSeatsPerUser: 10, maxSeatsPerReservation: 10 };

const endedAs = (endedReason: string) =>
  isStatus((it) => it.status === "ENDED" && it.endedReason === endedReason);

test("a date that is added while the queue is SOLD_OUT sells; places that ended stay ended, and no instance ends a new one", async () => {
  const policy = { ...tenSeats, maxActive: 5 };
  const { concertId } = await sale.onSale({ dates: [{ date: late }], policy });
  const buyers = await sale.allAdmitted(await sale.fans(5, { balance: 100_000 }), concertId);
  // Paused, so that no user who waits is admitted when a buyer has paid.
  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/pause`), 200);
  await everywhere(concertId, "PAUSED");
  const waiting: Placed[] = [];
  for (const fan of await sale.fans(6)) waiting.push(await sale.placed(fan, concertId));
  const streams = await Promise.all(
    waiting.map((place, n) => openEvents(deployment.instances[n % 3] as Instance, place)),
  );
  await sellTo(buyers, late);
  for (const stream of streams) await stream.until("the end", endedAs("SOLD_OUT"));
  await everywhere(concertId, "SOLD_OUT");

  succeeded(await sale.admin("POST", `/concerts/${concertId}/queue/resume`), 200);
  succeeded(await addDate(concertId, { date: early }), 201);
  const newcomer = await sale.fan({ balance: 100_000 });
  const { value: place } = await eventually("a user can join", async () => {
    const answer = await sale.join(newcomer, concertId, 1);
    if (answer.status !== 201) return void refused(answer, "SOLD_OUT");
    return { ...newcomer, concertId, queueToken: (answer.body as QueueStatus).token };
  });
  // From the first place on no instance tells that nothing is left.
  for (const on of [...instances, ...instances]) {
    const { status, endedReason } = succeeded<QueueStatus>(await sale.poll(place, on), 200);
    assert.notEqual(status, "ENDED", `instance ${on}: ${endedReason}`);
  }
  await eventually("the newcomer is admitted", async () =>
    (await sale.status(place)).status === "ACTIVE" ? true : undefined,
  );
  await everywhere(concertId, "OPEN");
  for (const [n, old] of waiting.entries()) {
    const status = succeeded<QueueStatus>(await sale.poll(old, n % 3), 200);
    assert.deepEqual([status.status, status.endedReason], ["ENDED", "SOLD_OUT"]);
    refused(await sale.reserve(old, { date: early, seatNumbers: [50] }), "QUEUE_TOKEN_ENDED");
  }
  // An instance refuses new places for a second longer than it tells SOLD_OUT.
  for (const on of instances)
    await eventually(`instance ${on} gives places`, async () => {
      const answer = await sale.join(waiting[0] ?? assert.fail(), concertId, on);
      return answer.status < 300 || void refused(answer, "SOLD_OUT");
    });
  const again = await sale.allAdmitted(waiting.slice(0, 2), concertId);
  await sale.reserved(again[0] ?? assert.fail(), { date: early, seatNumbers: [2] });
  const held = await sale.reserved(place, { date: early, seatNumbers: [1] });
  succeeded(await sale.pay(place, held.reservationId), 201);
  for (const stream of streams) stream.destroy();
});

/** A zone in which it is about noon, so that a show can begin in a moment and in hours on one day. */
const noonZone = (): string => {
  const hours = new Date().getUTCHours() - 12;
  return hours === 0 ? "UTC" : `Etc/GMT${hours > 0 ? "+" : "-"}${Math.abs(hours)}`;
};

/** A concert whose only show begins in some seconds, on a day that goes on. */
const showIn = async (seconds: number, policy: Members = {}) => {
  const timeZone = noonZone();
  const startsAt = new Date(Date.now() + seconds * 1_000).toISOString();
  const date = new Date().toLocaleDateString("sv", { timeZone });
  const { concertId } = await sale.onSale({ timeZone, dates: [{ date, startsAt }], policy });
  return { concertId, date };
};

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

test("a start that is moved earlier ends the sale of its date on every instance; a hold is still paid, and another date sells again", async () => {
  const { concertId, date } = await showIn(3_600, { maxActive: 2 });
  const [buyer, shopper] = await sale.allAdmitted(
    await sale.fans(2, { balance: 100_000 }),
    concertId,
  );
  assert.ok(buyer && shopper);
  const waiting = await sale.placed(await sale.fan(), concertId);
  const stream = await openEvents(deployment.instances[2] as Instance, waiting);
  const held = await sale.reserved(buyer, { date, seatNumbers: [1] });
  const startsAt = inSeconds(5);
  succeeded(await moveDate(concertId, date, { startsAt }), 200);
  await stream.until("the end", endedAs("ENDED"));
  await everywhere(concertId, "ENDED");
  assert.ok(Date.now() >= Date.parse(startsAt) - 250);
  for (const on of instances)
    refused(await sale.reserve(shopper, { date, seatNumbers: [2] }, { on }), "DATE_NOT_FOUND");
  assert.deepEqual(pointersOf(await moveDate(concertId, date, { startsAt: inSeconds(60) })), [
    "/startsAt",
  ]);
  succeeded(await sale.pay(buyer, held.reservationId), 201);

  succeeded(await addDate(concertId, { date: late }), 201);
  await everywhere(concertId, "OPEN");
  const status = await sale.status(waiting);
  assert.deepEqual([status.status, status.endedReason], ["ENDED", "ENDED"]);
  const { value: newcomer } = await eventually("a user can join", async () => {
    const answer = await sale.join(waiting, concertId, 1);
    return answer.status === 201 ? (answer.body as QueueStatus) : undefined;
  });
  const place = { ...waiting, queueToken: newcomer.token };
  await eventually("the user is admitted", async () =>
    (await sale.status(place)).status === "ACTIVE" ? true : undefined,
  );
  await sale.reserved(place, { date: late, seatNumbers: [1] });
  stream.destroy();
});

test("a start that is moved later keeps the sale open past the old one", async () => {
  const fan = await sale.fan({ balance: 10_000 });
  const { concertId, date } = await showIn(15);
  const startedMs = Date.now() + 15_000;
  const buyer = await sale.admitted(fan, concertId);
  const held = await sale.reserved(buyer, { date, seatNumbers: [1] });
  const startsAt = inSeconds(7_200);
  succeeded(await moveDate(concertId, date, { startsAt }, 1), 200);
  await eventually("each instance tells the new start", async () =>
    (await bookable(buyer)).every(([one]) => one?.["startsAt"] === startsAt) ? true : undefined,
  );
  await sleep(startedMs + 500 - Date.now());
  assert.deepEqual(await statesOf(concertId), ["OPEN", "OPEN", "OPEN"]);
  succeeded(await sale.pay(buyer, held.reservationId), 201);
  const next = await sale.admitted(await sale.fan(), concertId);
  await sale.reserved(next, { date, seatNumbers: [2] });
});
