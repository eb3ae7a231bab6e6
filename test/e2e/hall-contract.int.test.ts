import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { codeOf, succeeded, type Members } from "#test/support/client.ts";
import { hallOf, rowsOf, smallHall } from "#test/support/halls.ts";
import { eventually, times } from "#test/support/concurrency.ts";
import { dateIn, openSale, type Placed } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// The sentences of the contract about halls that the walk of halls.int.test.ts passes by, on two instances.

const deployment = await startDeployment({ instances: 2 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;
const day = dateIn(20);
const dates = [{ date: day }];

const planPath = (concertId: string): string => `/api/v1/concerts/${concertId}/seating-plan`;
const admitted = async (concertId: string): Promise<Placed> =>
  sale.admitted(await sale.fan({ balance: 10_000 }), concertId);
const read = (place: Placed, path: string, on?: number) => {
  const whole = `/api/v1/concerts/${place.concertId}/dates/${day}/${path}`;
  return call({ path: whole, token: place.queueToken, ...(on === undefined ? {} : { on }) });
};
const best = (place: Placed, wish: Members) => {
  const body = { date: day, best: wish };
  return call({ method: "POST", path: "/api/v1/reservations", token: place.queueToken, body });
};

test("the plan has every field of the contract: places as they were given, and the others derived", async () => {
  const places = [
    { name: "box", x: -3, y: 1 },
    { name: "aisle", grade: "S" },
  ];
  const section = {
    ...{ name: "Stalls", kind: "SEATED", grade: "R", x: 1, y: 2, angle: 30 },
    rows: [
      { name: "A", seats: [1, 5], step: 2, reverse: true, curve: 0.5, y: 1 },
      { name: "B", places, grade: "R" },
    ],
  };
  const grades = [
    { name: "R", price: 500 },
    { name: "S", price: 300 },
    { name: "unused", price: 1 },
  ];
  const focus = { x: 0, y: -4 };
  const { concertId } = await sale.onSale({
    seatingPlan: { grades, focus, sections: [section] },
    dates,
  });
  const answer = await call({ path: planPath(concertId) });
  const { planId, ...plan } = succeeded<Members>(answer, 200);
  assert.deepEqual(plan, {
    ...{ seatsTotal: 5, focus, grades },
    sections: [
      {
        ...{ name: "Stalls", kind: "SEATED", grade: "R", firstSeat: 1, lastSeat: 5 },
        ...{ x: 1, y: 2, angle: 30 },
        rows: [
          {
            ...{ name: "A", grade: "R", firstSeat: 1, lastSeat: 3, firstName: 5, step: -2 },
            ...{ x: 0, y: 1, curve: 0.5, places: null },
          },
          {
            ...{ name: "B", grade: "R", firstSeat: 4, lastSeat: 5, firstName: null, step: 1 },
            ...{ x: 0, y: 0.95, curve: 0 },
            places: [
              { name: "box", grade: "R", x: -3, y: 1 },
              { name: "aisle", grade: "S", x: 0.28, y: 0.95 },
            ],
          },
        ],
      },
    ],
  });
  const stale = await call({ path: `${planPath(concertId)}?v=other` });
  assert.deepEqual(
    [stale.headers["cache-control"], stale.headers["etag"]],
    ["no-cache", `"${String(planId)}"`],
  );
});

test("a corrected price gives the plan another id and the same numbers, on every instance", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates });
  const planOn = async (on: number) =>
    succeeded<Members>(await call({ path: planPath(concertId), on }), 200);
  const before = await planOn(0);
  const grades = [{ name: "R", price: 501 }];
  succeeded(await sale.admin("PATCH", `/concerts/${concertId}`, { grades }), 200);
  const { value: changed } = await eventually("the other instance has the price", async () => {
    const found = await planOn(1);
    return found["planId"] === before["planId"] ? undefined : found;
  });
  assert.deepEqual(changed["sections"], before["sections"]);
  assert.deepEqual((changed["grades"] as unknown[])[0], grades[0]);
});

test("the plan of an unknown concert or a draft is not found", async () => {
  const { concertId: draft } = succeeded<{ concertId: string }>(
    await sale.admin("POST", "/concerts", {
      ...{ title: "Draft", dates, seatingPlan: smallHall },
      publishedAt: new Date(Date.now() + 86_400_000).toISOString(),
    }),
    201,
  );
  for (const concertId of [draft, randomUUID()])
    assert.equal(codeOf(await call({ path: planPath(concertId) })), "CONCERT_NOT_FOUND");
});

test("seats have section, row and name; all three are null in the hall of 50", async () => {
  const hall = await sale.onSale({ seatingPlan: smallHall, dates });
  const place = await admitted(hall.concertId);
  const itemsOf = async (of: Placed, query: string): Promise<Members[]> =>
    succeeded<{ items: Members[] }>(await read(of, `seats${query}`), 200).items;
  await sale.reserved(place, { date: day, seatNumbers: [81] });
  const { value: held } = await eventually("the hold is listed", async () => {
    const found = await itemsOf(place, "?section=Pit&status=HELD");
    return found.length > 0 ? found : undefined;
  });
  assert.deepEqual(held, [
    {
      seatNumber: 81,
      section: "Pit",
      row: null,
      name: null,
      grade: "ST",
      price: 200,
      status: "HELD",
    },
  ]);
  // The next request may go to the other instance, which may be a second behind.
  await eventually("the other places are listed as free", async () => {
    const free = await itemsOf(place, "?section=Pit&status=AVAILABLE");
    return free.length === 19 || undefined;
  });
  assert.deepEqual(await itemsOf(place, "?section=Attic"), []);

  const small = await sale.onSale({ dates });
  const [first, ...others] = await itemsOf(await admitted(small.concertId), "");
  const { seatNumber, section, row, name } = first ?? {};
  assert.deepEqual([seatNumber, section, row, name], [1, null, null, null]);
  assert.equal(others.length, 49);
});

test("a version of the map is valid on every instance, and one from the future changes nothing", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates });
  const place = await admitted(concertId);
  const map = async (on: number, query = "") =>
    succeeded<Members>(await read(place, `seat-map${query}`, on), 200);
  // An instance answers the whole map to a version that is older than the first map that it has read.
  const first = await map(1);
  const { value: whole } = await eventually("the one instance is as far as the other", async () => {
    const found = await map(0);
    return Number(found["version"]) >= Number(first["version"]) ? found : undefined;
  });
  await sale.reserved(place, { date: day, seatNumbers: [1] });
  const { value: changed } = await eventually("the other instance has the change", async () => {
    const found = await map(1, `?since=${String(whole["version"])}`);
    return JSON.stringify(found["changes"]) === '[[1,"H"]]' ? found : undefined;
  });
  assert.deepEqual(
    [changed["date"], changed["seatsAvailable"], changed["sections"], "statuses" in changed],
    [day, 99, [{ name: "Stalls", available: 39 }], false],
  );
  const ahead = await map(0, "?since=999999999999999");
  assert.deepEqual(
    [ahead["version"], ahead["changes"], ahead["sections"]],
    ["999999999999999", [], []],
  );
  assert.equal(codeOf(await read(place, "seat-map?since=-1")), "INVALID_REQUEST");
});

test("best seats: available counts what matches grade and section, in the order of checks of other choices", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates });
  // Of the balcony, seats 41 to 80, only 41, 43 and 60 stay free.
  const seatNumbers = times(40, (n) => n + 41).filter((n) => ![41, 43, 60].includes(n));
  const blocking = { seatNumbers, reason: "closed" };
  succeeded(
    await sale.admin("POST", `/concerts/${concertId}/dates/${day}/seats/block`, blocking),
    200,
  );
  const [one, two] = [await admitted(concertId), await admitted(concertId)];
  const refusal = async (place: Placed, wish: Members) => {
    const answer = await best(place, wish);
    const { seatNumbers: named, available } = answer.body as Members;
    return [codeOf(answer), named, available];
  };
  const upstairs = { section: "Balcony", grade: "S" };
  assert.deepEqual(await refusal(one, { count: 2, together: true, ...upstairs }), [
    "SEAT_UNAVAILABLE",
    [],
    3,
  ]);
  assert.deepEqual(await refusal(one, { count: 4, ...upstairs }), ["SEAT_UNAVAILABLE", [], 3]);
  assert.deepEqual(await refusal(one, { count: 1, ...upstairs, grade: "R" }), [
    "SEAT_UNAVAILABLE",
    [],
    0,
  ]);
  assert.equal((await refusal(one, { count: 5, section: "Attic" }))[0], "SEAT_LIMIT_EXCEEDED");
  const apart = succeeded<Members>(await best(one, { count: 2, ...upstairs }), 201);
  assert.deepEqual([apart["together"], apart["amount"]], [false, 600]);
  for (const wish of [{ count: 5 }, { count: 1, section: "Attic" }])
    assert.equal((await refusal(one, wish))[0], "RESERVATION_ALREADY_HELD");
  assert.deepEqual(await refusal(two, { count: 2, ...upstairs }), ["SEAT_UNAVAILABLE", [], 1]);
  const noDate = { date: dateIn(21), best: { count: 5, section: "Attic" } };
  const path = "/api/v1/reservations";
  assert.equal(
    codeOf(await call({ method: "POST", path, token: two.queueToken, body: noDate })),
    "DATE_NOT_FOUND",
  );
});

test("standing places are together whatever their numbers, and seats of two rows are not", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates });
  for (const [seatNumbers, together] of [
    [[82, 90], true],
    [[10, 11], false],
    [[80, 81], false],
  ] as const) {
    const place = await admitted(concertId);
    const reservation = await sale.reserved(place, { date: day, seatNumbers });
    assert.equal((reservation as unknown as Members)["together"], together, String(seatNumbers));
  }
});

/** JSON of a plan with one seated section, in which the text stands in place of a coordinate. */
const planText = (x: string): string =>
  `{"title":"Hall","dates":[{"date":"${day}"}],"seatingPlan":{"grades":[{"name":"R","price":1}],"sections":[` +
  `{"name":"A","kind":"SEATED","grade":"R","x":${x},"rows":[{"name":"A","seats":[1,5]}]}]}}`;

const faults: readonly [title: string, raw: string, pointers: readonly string[]][] = [
  ["a coordinate beyond every number", planText("1e999"), ["/seatingPlan/sections/0/x"]],
  ["a coordinate that is null", planText("null"), ["/seatingPlan/sections/0/x"]],
  [
    "60,001 seats",
    JSON.stringify({
      ...{ title: "Hall", dates },
      seatingPlan: {
        ...hallOf(60),
        sections: [
          ...(hallOf(60)["sections"] as Members[]),
          { name: "Pit", kind: "STANDING", grade: "R", capacity: 1 },
        ],
      },
    }),
    ["/seatingPlan/sections"],
  ],
  [
    "overlapping numbers of grades",
    JSON.stringify({
      ...{ title: "Hall", dates },
      grades: [
        { name: "R", price: 1, seats: [1, 30] },
        { name: "S", price: 1, seats: [30, 50] },
      ],
    }),
    ["/grades/1/seats"],
  ],
  [
    "doubled names of a section, a row, a place and a grade",
    JSON.stringify({
      ...{ title: "Hall", dates },
      seatingPlan: {
        grades: [
          { name: "R", price: 1 },
          { name: "R", price: 2 },
        ],
        sections: [
          { name: "A", kind: "SEATED", grade: "R", rows: [...rowsOf(1, 5), ...rowsOf(1, 5)] },
          {
            ...{ name: "A", kind: "SEATED", grade: "R" },
            rows: [{ name: "A", places: [{ name: "1" }, { name: "1" }] }],
          },
        ],
      },
    }),
    [
      "/seatingPlan/grades/1/name",
      "/seatingPlan/sections/1/name",
      "/seatingPlan/sections/0/rows/1/name",
      "/seatingPlan/sections/1/rows/0/places/1/name",
    ],
  ],
];

const countAll = async (): Promise<unknown> =>
  deployment.sql("select (select count(*) from concert) as c, (select count(*) from seat) as s");

for (const [title, raw, pointers] of faults)
  test(`a plan is refused as a whole with a pointer: ${title}`, async () => {
    const before = await countAll();
    const send = { method: "POST", path: "/admin/v1/concerts", token: deployment.operatorKey, raw };
    const answer = await call(send);
    assert.equal(codeOf(answer), "INVALID_REQUEST", answer.text);
    const { errors } = answer.body as { errors: { pointer: string }[] };
    assert.deepEqual(
      errors.map(({ pointer }) => pointer),
      pointers,
    );
    assert.deepEqual(await countAll(), before);
  });

test("NaN is no JSON, and a plan of 10 MB is too large: nothing is stored", async () => {
  const before = await countAll();
  const send = { method: "POST", path: "/admin/v1/concerts", token: deployment.operatorKey };
  assert.equal(codeOf(await call({ ...send, raw: planText("NaN") })), "INVALID_REQUEST");
  // Refused by its length before it is read, so the rest need not be sent.
  const large = { raw: planText("0"), headers: { "content-length": String(10 * 1024 * 1024) } };
  assert.equal(codeOf(await call({ ...send, ...large })), "PAYLOAD_TOO_LARGE");
  assert.deepEqual(await countAll(), before);
});

test("of two operators who correct one version the later one is told, and without a version both take effect", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates });
  const path = `/concerts/${concertId}`;
  const { version } = succeeded<Members>(await sale.admin("GET", path), 200);
  const answers = await Promise.all(
    times(2, (n) => sale.admin("PATCH", path, { title: `Title ${n}`, version }, n)),
  );
  assert.deepEqual(answers.map(codeOf).sort(), ["", "VERSION_CONFLICT"]);
  const grades = [{ name: "R", price: 700 }];
  succeeded(await sale.admin("PATCH", path, { venue: "Olympic Hall" }, 0), 200);
  const last = succeeded<Members>(await sale.admin("PATCH", path, { grades }, 1), 200);
  assert.deepEqual([last["venue"], last["version"]], ["Olympic Hall", Number(version) + 3]);
});
