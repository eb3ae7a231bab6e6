import assert from "node:assert/strict";
import { after, test } from "node:test";
import { codeOf, succeeded, type Members } from "#test/support/client.ts";
import { hallOf, rowsOf, smallHall } from "#test/support/halls.ts";
import { eventually } from "#test/support/concurrency.ts";
import { dateIn, openSale, type Placed } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Halls with seating plans of their own, from the operator's plan to a seat that is paid.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;
const day = dateIn(20);

interface Plan {
  readonly planId: string;
  readonly seatsTotal: number;
  readonly focus: Members;
  readonly grades: readonly Members[];
  readonly sections: readonly (Members & { readonly rows: readonly Members[] })[];
}

const planPath = (concertId: string): string => `/api/v1/concerts/${concertId}/seating-plan`;

test("a seating plan is stored with numbered seats, and anybody reads and caches it", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall });
  const answer = await call({ path: planPath(concertId) });
  const plan = succeeded<Plan>(answer, 200);
  assert.equal(plan.seatsTotal, 100);
  assert.deepEqual(plan.grades, smallHall["grades"]);
  assert.deepEqual(
    plan.sections.map(({ name, kind, grade, firstSeat, lastSeat, rows }) => [
      ...[name, kind, grade, firstSeat, lastSeat],
      rows.length,
    ]),
    [
      ["Stalls", "SEATED", "R", 1, 40, 4],
      ["Balcony", "SEATED", "S", 41, 80, 4],
      ["Pit", "STANDING", "ST", 81, 100, 0],
    ],
  );
  const [, secondRow] = plan.sections[1]?.rows ?? [];
  const { x: _, y: __, ...row } = secondRow ?? {};
  assert.deepEqual(row, {
    ...{ name: "B", grade: "S", firstSeat: 51, lastSeat: 60, firstName: 1, step: 1 },
    ...{ curve: 0, places: null },
  });
  assert.deepEqual(
    [answer.headers["etag"], answer.headers["cache-control"]],
    [`"${plan.planId}"`, "no-cache"],
  );
  const named = await call({ path: `${planPath(concertId)}?v=${plan.planId}` });
  assert.match(String(named.headers["cache-control"]), /immutable/);
  const same = { "if-none-match": `"${plan.planId}"` };
  const again = await deployment.client.send({ path: planPath(concertId), headers: same });
  assert.deepEqual([again.status, again.text], [304, ""]);
});

test("the hall of 50 seats has a plan of one row without names", async () => {
  const grades = [
    { name: "S", price: 300, seats: [21, 50] },
    { name: "R", price: 500, seats: [1, 20] },
  ];
  const { concertId } = await sale.onSale({ grades });
  const plan = succeeded<Plan>(await call({ path: planPath(concertId) }), 200);
  const rows = plan.sections.flatMap((section) => section.rows);
  assert.deepEqual(
    rows.map(({ name, grade, firstSeat, lastSeat, firstName }) => [
      ...[name, grade, firstSeat, lastSeat],
      firstName,
    ]),
    [
      [null, "R", 1, 20, null],
      [null, "S", 21, 50, null],
    ],
  );
  assert.deepEqual(
    [plan.sections.length, plan.sections[0]?.["name"], plan.seatsTotal],
    [1, null, 50],
  );
});

test("a plan with faults is refused with a pointer to each, and nothing is stored", async () => {
  const body = (seatingPlan: unknown, more: Members = {}): Members => ({
    ...{ title: "Hall", dates: [{ date: day }], seatingPlan },
    ...more,
  });
  const section = { name: "A", kind: "SEATED", grade: "R", rows: rowsOf(2, 10) };
  const plan = (...sections: unknown[]) => ({ grades: [{ name: "R", price: 1 }], sections });
  const bad: [unknown, string[]][] = [
    [
      body(plan(section, { ...section, grade: "T", rows: [...rowsOf(1, 501), ...rowsOf(1, 5)] })),
      [
        "/seatingPlan/sections/1/name",
        "/seatingPlan/sections/1/grade",
        "/seatingPlan/sections/1/rows/1/name",
        "/seatingPlan/sections/1/rows/0/seats",
      ],
    ],
    [
      body(plan({ name: "P", kind: "STANDING", grade: "R", capacity: 1e9 })),
      ["/seatingPlan/sections/0/capacity"],
    ],
    [body({ ...hallOf(61) }), ["/seatingPlan/sections"]],
    [body(smallHall, { price: 5 }), ["/seatingPlan"]],
    [body(plan({ ...section, x: "1" })), ["/seatingPlan/sections/0/x"]],
    [
      {
        ...body(hallOf(60)),
        dates: Array.from({ length: 17 }, (_, n) => ({ date: dateIn(20 + n) })),
      },
      ["/dates"],
    ],
  ];
  const before = await deployment.sql("select count(*) from concert");
  for (const [sent, pointers] of bad) {
    const answer = await sale.admin("POST", "/concerts", sent);
    assert.equal(codeOf(answer), "INVALID_REQUEST", answer.text);
    const { errors } = answer.body as { errors: { pointer: string }[] };
    assert.deepEqual(
      errors.map(({ pointer }) => pointer),
      pointers,
    );
  }
  // A list of a million faults would stop the server for seconds.
  const many = Array.from({ length: 400_000 }, () => ({ a: 1 }));
  const answer = await sale.admin("POST", "/concerts", body({ ...plan(), sections: many }));
  assert.equal((answer.body as { errors: unknown[] }).errors.length, 1, answer.text);
  assert.deepEqual(await deployment.sql("select count(*) from concert"), before);
});

test("a body above 4 MiB is 413, a plan of 60,000 named seats below it is stored", async () => {
  const rows = Array.from({ length: 120 }, (_, row) => ({
    name: `Row ${row}`,
    places: Array.from({ length: 500 }, (_unused, n) => ({ name: `${row}-${n}`, x: n, y: row })),
  }));
  const seatingPlan = {
    grades: [{ name: "R", price: 1 }],
    sections: [{ name: "A", kind: "SEATED", grade: "R", rows }],
  };
  const { concertId } = await sale.onSale({ seatingPlan });
  const plan = succeeded<Plan>(await call({ path: planPath(concertId) }), 200);
  assert.equal(plan.seatsTotal, 60_000);
  const large = { title: "x".repeat(4 * 1024 * 1024), dates: [{ date: day }], price: 1 };
  assert.equal(codeOf(await sale.admin("POST", "/concerts", large)), "PAYLOAD_TOO_LARGE");
});

test("a seat of a large hall is listed, reserved and paid at the price of its grade", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates: [{ date: day }] });
  const place = await sale.admitted(await sale.fan({ balance: 5_000 }), concertId);
  const reservation = await sale.reserved(place, { date: day, seatNumbers: [1, 80, 100] });
  assert.equal(reservation.amount, 1_000);
  const named = reservation as unknown as { seats: unknown; together: boolean };
  assert.deepEqual(named.seats, [
    { seatNumber: 1, section: "Stalls", row: "A", name: "1", grade: "R", price: 500 },
    { seatNumber: 80, section: "Balcony", row: "D", name: "10", grade: "S", price: 300 },
    { seatNumber: 100, section: "Pit", row: null, name: null, grade: "ST", price: 200 },
  ]);
  assert.equal(named.together, false);
  const none = await sale.reserve(place, { date: day, seatNumbers: [1, 101] });
  assert.equal(codeOf(none), "INVALID_REQUEST");
  assert.match(none.text, /seatNumbers\/1/);
  const paid = await sale.pay(place, reservation.reservationId);
  const { paymentId, tickets } = succeeded<Members & { tickets: Members[] }>(paid, 201);
  assert.deepEqual(
    tickets.map(({ ticketId: _, ...ticket }) => ticket),
    [
      { seatNumber: 1, section: "Stalls", row: "A", name: "1", grade: "R" },
      { seatNumber: 80, section: "Balcony", row: "D", name: "10", grade: "S" },
      { seatNumber: 100, section: "Pit", row: null, name: null, grade: "ST" },
    ].map((ticket) => ({ concertId, date: day, ...ticket })),
  );
  const read = (path: string) => call({ path: `/api/v1/${path}`, token: place.accessToken });
  const listed = async (path: string) =>
    succeeded<{ items: Members[] }>(await read(`users/${place.userId}/${path}`), 200).items[0];
  const again = await sale.pay(place, reservation.reservationId);
  for (const one of [again, await read(`payments/${String(paymentId)}`)])
    assert.deepEqual(succeeded<Members>(one, 200)["tickets"], tickets);
  assert.deepEqual((await listed("payments"))?.["tickets"], tickets);
  const byId = await read(`reservations/${reservation.reservationId}`);
  for (const one of [succeeded<Members>(byId, 200), await listed("reservations")])
    assert.deepEqual([one?.["seats"], one?.["status"]], [named.seats, "CONFIRMED"]);
});

test("a replay with the queue token of another concert names the seats by the plan of its own", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates: [{ date: day }] });
  const other = await sale.onSale({ dates: [{ date: day }] });
  const fan = await sale.fan({ balance: 5_000 });
  const place = await sale.admitted(fan, concertId);
  const elsewhere = await sale.admitted(fan, other.concertId);
  const wanted = { date: day, seatNumbers: [12] };
  const first = succeeded<Members>(await sale.reserve(place, wanted, { key: "r" }), 201);
  assert.equal((first["seats"] as Members[])[0]?.["row"], "B");
  const replay = await sale.reserve(elsewhere, wanted, { key: "r" });
  assert.deepEqual(succeeded<Members>(replay, 201), first);
});

test("the server chooses the best seats: by grade and section, standing places, and none when too few fit", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates: [{ date: day }] });
  const places = await sale.allAdmitted(await sale.fans(7), concertId);
  const ask = (n: number, best: unknown) => {
    const place = places[n];
    assert.ok(place);
    const body = { date: day, best };
    return call({ method: "POST", path: "/api/v1/reservations", token: place.queueToken, body });
  };
  const chosen = async (n: number, best: unknown) => {
    const { seatNumbers, together } = succeeded<Members>(await ask(n, best), 201);
    return [seatNumbers, together];
  };
  assert.deepEqual(await chosen(0, { count: 4 }), [[4, 5, 6, 7], true]);
  assert.deepEqual(await chosen(1, { count: 2, grade: "S" }), [[45, 46], true]);
  assert.deepEqual(await chosen(2, { count: 3, section: "Pit" }), [[81, 82, 83], true]);
  const answer = await ask(3, { count: 2, section: "Attic" });
  assert.equal(codeOf(answer), "SEAT_UNAVAILABLE");
  const { seatNumbers, available, detail } = answer.body as Members;
  assert.deepEqual([seatNumbers, available], [[], 0]);
  assert.match(String(detail), /^Too few seats fit; 0 free seats match/);
  assert.equal(codeOf(await ask(3, { count: 5 })), "SEAT_LIMIT_EXCEEDED");
  for (const best of [{ count: 0 }, { count: 51 }, { count: 1.5 }, {}, { count: 1, more: 1 }])
    assert.equal(codeOf(await ask(3, best)), "INVALID_REQUEST");
  const both = { date: day, best: { count: 1 }, seatNumbers: [1] };
  for (const body of [both, { date: day }]) {
    const token = places[3]?.queueToken ?? "";
    const refusal = await call({ method: "POST", path: "/api/v1/reservations", token, body });
    assert.equal(codeOf(refusal), "INVALID_REQUEST");
  }
});

test("where the policy refuses single seats, a choice that leaves one names it, after taken seats; best does not", async () => {
  const policy = { singleSeats: "refused" };
  const { concertId } = await sale.onSale({
    seatingPlan: smallHall,
    dates: [{ date: day }],
    policy,
  });
  const [first, second, third] = await sale.allAdmitted(await sale.fans(3), concertId);
  assert.ok(first && second && third);
  const left = async (seatNumbers: readonly number[]) => {
    const answer = await sale.reserve(second, { date: day, seatNumbers });
    return [codeOf(answer), (answer.body as Members)["seatNumbers"]];
  };
  assert.deepEqual(await left([2, 3]), ["SINGLE_SEAT_LEFT", [1]]);
  assert.deepEqual(await left([10, 12, 22]), ["SINGLE_SEAT_LEFT", [11, 21]]);
  await sale.reserved(first, { date: day, seatNumbers: [4, 5, 6] });
  assert.deepEqual(await left([6, 8]), ["SEAT_UNAVAILABLE", [6]]);
  assert.deepEqual(await left([8, 9]), ["SINGLE_SEAT_LEFT", [7, 10]]);
  await sale.reserved(second, { date: day, seatNumbers: [7, 8, 81, 83] });
  // The rows of the stalls have ten seats each: three and two are left of the first, and of four in it one stays single.
  const path = "/api/v1/reservations";
  const body = { date: day, best: { count: 4, section: "Stalls" } };
  succeeded(await call({ method: "POST", path, token: third.queueToken, body }), 201);

  const [fourth] = await sale.allAdmitted(await sale.fans(1), concertId);
  assert.ok(fourth);
  const refused = await sale.reserve(fourth, { date: day, seatNumbers: [42] });
  assert.equal(codeOf(refused), "SINGLE_SEAT_LEFT");
  const allowed = { singleSeats: "allowed" };
  const changed = await sale.admin("PATCH", `/concerts/${concertId}/policy`, allowed);
  assert.equal((succeeded<Members>(changed, 200)["policy"] as Members)["singleSeats"], "allowed");
  await sale.reserved(fourth, { date: day, seatNumbers: [42] });
  const odd = await sale.admin("PATCH", `/concerts/${concertId}/policy`, { singleSeats: "never" });
  assert.match(odd.text, /"pointer":"\/singleSeats"/);
});

test("the 50 seats are one row for the policy that refuses single seats", async () => {
  const { concertId } = await sale.onSale({
    policy: { singleSeats: "refused" },
    dates: [{ date: day }],
  });
  const place = await sale.admitted(await sale.fan(), concertId);
  const answer = await sale.reserve(place, { date: day, seatNumbers: [49] });
  assert.deepEqual(
    [codeOf(answer), (answer.body as Members)["seatNumbers"]],
    ["SINGLE_SEAT_LEFT", [50]],
  );
  await sale.reserved(place, { date: day, seatNumbers: [49, 50] });
});

interface LiveMap {
  readonly version: string;
  readonly seatsAvailable: number;
  readonly sections: readonly Members[];
  readonly statuses?: string;
  readonly changes?: readonly (readonly [number, string])[];
}

test("the map of a show is one letter a seat, and then what has changed since a version", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates: [{ date: day }] });
  const [reader, buyer] = await sale.allAdmitted(await sale.fans(2), concertId);
  assert.ok(reader && buyer);
  const path = `/api/v1/concerts/${concertId}/dates/${day}/seat-map`;
  const read = async (query = ""): Promise<LiveMap> =>
    succeeded<LiveMap>(await call({ path: path + query, token: reader.queueToken }), 200);
  const whole = await read();
  assert.deepEqual(
    [whole.statuses, whole.seatsAvailable, whole.sections],
    [
      "A".repeat(100),
      100,
      [
        { name: "Stalls", available: 40 },
        { name: "Balcony", available: 40 },
        { name: "Pit", available: 20 },
      ],
    ],
  );
  const { reservationId } = await sale.reserved(buyer, { date: day, seatNumbers: [1, 2, 81] });
  const since = (version: string) => read(`?since=${version}`);
  const { value: changed } = await eventually("the change is in the map", async () => {
    const found = await since(whole.version);
    return found.changes?.length === 3 ? found : undefined;
  });
  assert.deepEqual(changed.changes, [
    [1, "H"],
    [2, "H"],
    [81, "H"],
  ]);
  assert.deepEqual(changed.sections, [
    { name: "Stalls", available: 38 },
    { name: "Pit", available: 19 },
  ]);
  await sale.cancel(buyer, reservationId);
  const { value: free } = await eventually("the seats are free again", async () => {
    const found = await since(changed.version);
    return found.changes?.some(([, letter]) => letter === "A") === true ? found : undefined;
  });
  assert.deepEqual(free.changes?.filter(([, letter]) => letter === "A").length, 3);
  assert.equal((await since("1")).statuses, "A".repeat(100));
  assert.deepEqual((await since("999999999999999")).changes, []);
  const odd = await call({ path: `${path}?since=x`, token: reader.queueToken });
  assert.equal(codeOf(odd), "INVALID_REQUEST");
  const ofSection = succeeded<{ items: Members[] }>(
    await call({
      path: `/api/v1/concerts/${concertId}/dates/${day}/seats?section=Balcony`,
      token: reader.queueToken,
    }),
    200,
  ).items;
  assert.equal(ofSection.length, 40);
  assert.deepEqual(ofSection[10], {
    ...{ seatNumber: 51, section: "Balcony", row: "B", name: "1", grade: "S", price: 300 },
    status: "AVAILABLE",
  });
});

test("a corrected price is in force for new holds everywhere; a hold keeps its price, and the payment says it", async () => {
  const { concertId } = await sale.onSale({ seatingPlan: smallHall, dates: [{ date: day }] });
  const [early, late] = await sale.allAdmitted(await sale.fans(2, { balance: 5_000 }), concertId);
  assert.ok(early && late);
  const held = await sale.reserved(early, { date: day, seatNumbers: [1] });
  const path = `/concerts/${concertId}`;
  const before = succeeded<Members>(await sale.admin("GET", path), 200);
  const correction = {
    title: "Corrected",
    grades: [{ name: "R", price: 900 }],
    version: before["version"],
  };
  const after = succeeded<Members>(await sale.admin("PATCH", path, correction), 200);
  assert.deepEqual(
    [after["title"], after["venue"], (after["grades"] as unknown[])[0]],
    ["Corrected", before["venue"], { name: "R", price: 900 }],
  );
  assert.equal(Number(after["version"]), Number(before["version"]) + 1);
  assert.equal(codeOf(await sale.admin("PATCH", path, correction)), "VERSION_CONFLICT");
  const anew = await sale.reserved(late, { date: day, seatNumbers: [2] });
  assert.deepEqual([held.amount, anew.amount], [500, 900]);
  const readAs = async (who: Placed, from: string) =>
    succeeded<Members>(await call({ path: `/api/v1${from}`, token: who.accessToken }), 200);
  const still = await readAs(early, `/reservations/${held.reservationId}`);
  assert.deepEqual([still["amount"], (still["seats"] as Members[])[0]?.["price"]], [500, 500]);
  const paid = succeeded<Members>(await sale.pay(early, held.reservationId), 201);
  assert.deepEqual([paid["amount"], paid["balance"]], [500, 4_500]);
  const again = await readAs(early, `/payments/${String(paid["paymentId"])}`);
  assert.deepEqual([again["amount"], again["balance"]], [500, 4_500]);
  const entries = await readAs(early, `/users/${early.userId}/balance/entries`);
  assert.equal((entries["items"] as Members[])[0]?.["amount"], -500);
  const sales = succeeded<{ items: Members[] }>(await sale.admin("GET", `${path}/sales`), 200);
  const [ofR] = sales.items.filter(({ grade }) => grade === "R");
  assert.deepEqual([ofR?.["price"], ofR?.["revenue"]], [900, 500]);
  const read = succeeded<Plan>(await call({ path: planPath(concertId) }), 200);
  assert.deepEqual(read.grades[0], { name: "R", price: 900 });
  for (const bad of [
    { grades: [{ name: "T", price: 5 }] },
    { grades: [{ name: "R", price: 0 }] },
    { title: " " },
    { seatingPlan: smallHall },
  ])
    assert.equal(codeOf(await sale.admin("PATCH", path, bad)), "INVALID_REQUEST");
});
