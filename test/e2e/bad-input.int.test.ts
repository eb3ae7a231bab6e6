import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import net from "node:net";
import { after, test } from "node:test";
import { checkProblem, refused, succeeded, type Answer, type Asked } from "#test/support/client.ts";
import { stateDigest, sweep } from "#test/support/invariants.ts";
import { dateIn, openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";

// Goal: whatever arrives, the answer is a 4xx problem with its code, and nothing has changed. The
// digest of all tables is compared after each group, so that a refused request that left something
// behind is found.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;

const day = dateIn(20);
const concert = await sale.onSale({ dates: [{ date: day }] });
const fan = await sale.fan({ balance: 5000 });
const placed = await sale.admitted(fan, concert.concertId);
const held = await sale.reserved(placed, { date: day, seatNumbers: [50] });
const before = await stateDigest(deployment.sql);

const unchanged = async (): Promise<void> => {
  assert.equal(await stateDigest(deployment.sql), before);
};

const allRefused = async (asked: readonly Asked[], code = "INVALID_REQUEST"): Promise<void> => {
  for (const one of asked) {
    const answer = await call(one);
    const problem = refused(answer, code);
    if (code === "INVALID_REQUEST" && problem["errors"] !== undefined)
      for (const error of problem["errors"] as Record<string, unknown>[]) {
        assert.equal(typeof error["pointer"], "string", answer.text);
        assert.equal(typeof error["message"], "string", answer.text);
      }
  }
  await unchanged();
};

const deep = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const nul = "\\u0000";
const loneSurrogate = "\\ud800";

/** JSON texts that are no value of the wanted kind, whatever the kind. */
const notJson: readonly (string | Uint8Array)[] = [
  "{",
  "[]",
  "null",
  "1",
  '"text"',
  "true",
  "NaN",
  "{'amount':1}",
  '{"amount":1',
  '{"amount":1}}',
  deep(4000),
  `{"amount":${deep(2000)}}`,
  Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  '{"amount":1,"__proto__":{"x":1}}',
  '{"amount":1,"constructor":{"prototype":{"x":1}}}',
];

const post = (path: string, token: string, raw: string | Uint8Array, headers = {}): Asked => ({
  method: "POST",
  path: `/api/v1${path}`,
  token,
  raw,
  headers,
});
const charge = (raw: string | Uint8Array): Asked => ({
  ...post(`/users/${fan.userId}/balance/charges`, fan.accessToken, raw),
  key: randomUUID(),
});
const reserve = (raw: string | Uint8Array): Asked => post("/reservations", placed.queueToken, raw);
const pay = (raw: string | Uint8Array): Asked => post("/payments", placed.queueToken, raw);

test("a body that is no JSON object is refused on every route that takes one", async () => {
  for (const make of [charge, reserve, pay]) await allRefused(notJson.map(make));
  const users = notJson.map((raw) => ({ method: "POST", path: "/api/v1/users", raw }));
  await allRefused(users);
});

test("amounts that are no whole number from 1 to 10,000,000 are refused", async () => {
  const amounts = [
    "0",
    "-0",
    "-1",
    "1.5",
    "0.1",
    "10000001",
    "1e308",
    "1e309",
    "-1e308",
    "9007199254740992",
    "18446744073709551616",
    '"5"',
    "null",
    "true",
    "[]",
    "[5]",
    "{}",
    `"${nul}"`,
    "1e-7",
  ];
  await allRefused(amounts.map((amount) => charge(`{"amount":${amount}}`)));
  const members = [
    "{}",
    '{"Amount":5}',
    '{"amount":5,"currency":"KRW"}',
    '{"amount":5,"balance":9}',
  ];
  await allRefused(members.map(charge));
});

test("seats outside 1 to 50, doubled, none, too many or no whole numbers are refused", async () => {
  const thousand = JSON.stringify(Array.from({ length: 1000 }, (_, index) => index + 1));
  const seats = [
    "[0]",
    "[51]",
    "[-1]",
    "[-0]",
    "[1.5]",
    "[1,1]",
    "[1,2,1]",
    "[]",
    thousand,
    '["1"]',
    "[null]",
    "[[1]]",
    "[1e308]",
    "[9007199254740992]",
    "1",
    "null",
    '"1"',
    "{}",
    '{"0":1}',
    "[true]",
  ];
  await allRefused(seats.map((it) => reserve(`{"date":"${day}","seatNumbers":${it}}`)));
});

test("dates that are no calendar date are refused, in a body and in a path", async () => {
  const dates = [
    "2026-02-30",
    "2026-13-01",
    "2026-00-10",
    "2025-02-29",
    "2026-1-1",
    "20261224",
    "2026-12-24T00:00:00Z",
    "0000-00-00",
    "+002026-12-24",
    "tomorrow",
    "",
    nul,
    `2026-12-2${loneSurrogate}`,
    " 2026-12-24",
    "2026-12-24 ",
    "2026-12-32",
    "9999-99-99",
  ];
  await allRefused(dates.map((date) => reserve(`{"date":"${date}","seatNumbers":[1]}`)));
  for (const raw of [
    '{"seatNumbers":[1]}',
    '{"date":null,"seatNumbers":[1]}',
    '{"date":20261224,"seatNumbers":[1]}',
  ])
    await allRefused([reserve(raw)]);
  const datesPath = `/api/v1/concerts/${concert.concertId}/dates`;
  const paths = [
    "2026-02-30",
    "2026-13-01",
    "nonsense",
    "2026-1-1",
    "%00",
    "2026-12-24%00",
    "..%2f..",
    "%F0%9F%8E%AB",
  ];
  await allRefused(
    paths.map((it) => ({ path: `${datesPath}/${it}/seats`, token: placed.queueToken })),
  );
});

test("unknown members are refused, never dropped: no client sets a price, a state or an owner", async () => {
  const more = [
    '"price":1',
    '"userId":"x"',
    '"status":"CONFIRMED"',
    '"amount":1',
    '"expiresAt":"2030-01-01T00:00:00.000Z"',
    '"":1',
  ];
  await allRefused(more.map((it) => reserve(`{"date":"${day}","seatNumbers":[1],${it}}`)));
  await allRefused(more.map((it) => pay(`{"reservationId":"${held.reservationId}",${it}}`)));
  await allRefused([{ method: "POST", path: "/api/v1/users", raw: '{"admin":true}' }]);
});

test("ids that are no UUID are refused in bodies and paths", async () => {
  const ids = [
    "1",
    "",
    "null",
    `${held.reservationId}0`,
    held.reservationId.slice(1),
    `{${held.reservationId}}`,
    nul,
    "' or 1=1 --",
  ];
  await allRefused(ids.map((id) => pay(`{"reservationId":"${id}"}`)));
  for (const value of ["null", "1", "[]", "{}", `["${held.reservationId}"]`])
    await allRefused([pay(`{"reservationId":${value}}`)]);
  for (const id of [
    "1",
    "nonsense",
    "%00",
    "%27%20or%201=1",
    "x".repeat(40),
    "%7B%7D",
    "zzzzzzzz-zzzz-7zzz-8zzz-zzzzzzzzzzzz",
  ]) {
    const token = fan.accessToken;
    await allRefused([
      { path: `/api/v1/reservations/${id}`, token },
      { method: "DELETE", path: `/api/v1/reservations/${id}`, token },
      { path: `/api/v1/payments/${id}`, token },
      { path: `/api/v1/users/${id}/balance`, token },
      { path: `/api/v1/concerts/${id}` },
      { path: `/api/v1/concerts/${id}/queue` },
      { method: "POST", path: `/api/v1/concerts/${id}/queue/tokens`, token },
      { path: `/api/v1/concerts/${id}/queue/tokens/me`, token: placed.queueToken },
    ]);
  }
});

test("an id in upper case is the same id", async () => {
  const path = `/api/v1/reservations/${held.reservationId.toUpperCase()}`;
  succeeded(await call({ path, token: fan.accessToken }), 200);
  const balance = `/api/v1/users/${fan.userId.toUpperCase()}/balance`;
  succeeded(await call({ path: balance, token: fan.accessToken }), 200);
  const queue = `/api/v1/concerts/${concert.concertId.toUpperCase()}/queue/tokens/me`;
  succeeded(await call({ path: queue, token: placed.queueToken }), 200);
});

test("names with control characters, lone surrogates or no end are refused", async () => {
  const names = [
    `"a${nul}b"`,
    `"${loneSurrogate}"`,
    `"\\udc00x"`,
    '""',
    `"${"x".repeat(5000)}"`,
    "1",
    "[]",
    "{}",
    '"\\u0007"',
  ];
  await allRefused(
    names.map((name) => ({ method: "POST", path: "/api/v1/users", raw: `{"name":${name}}` })),
  );
});

test("lists refuse a limit outside 1 to 100 and a cursor that is not theirs", async () => {
  const path = `/api/v1/users/${fan.userId}/balance/entries`;
  const bad = [
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=1.5",
    "limit=x",
    "limit=",
    "limit=1e1",
    "limit=1&limit=2",
    "cursor=",
    "cursor=%00",
    "cursor=garbage",
    `cursor=${"a".repeat(300)}`,
    "cursor=LTE",
    "cursor=99999999999999999999",
  ];
  for (const list of [
    path,
    path.replace("balance/entries", "reservations"),
    path.replace("balance/entries", "payments"),
    "/api/v1/concerts",
  ])
    await allRefused(bad.map((query) => ({ path: `${list}?${query}`, token: fan.accessToken })));
  const seats = `/api/v1/concerts/${concert.concertId}/dates/${day}/seats`;
  await allRefused(
    ["status=available", "status=", "status=NONE", "status=AVAILABLE&status=SOLD"].map((query) => ({
      path: `${seats}?${query}`,
      token: placed.queueToken,
    })),
  );
});

test("other content types are refused, parameters of the right one are not", async () => {
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/jsonx",
    "",
    "nonsense",
  ];
  const body = `{"reservationId":"${held.reservationId}"}`;
  await allRefused(
    types.map((type) => ({ ...pay(body), headers: { "content-type": type } })),
    "UNSUPPORTED_MEDIA_TYPE",
  );
  const headers = { "content-type": "application/json; charset=utf-8" };
  refused(
    await call({ ...pay(`{"reservationId":"${randomUUID()}"}`), headers }),
    "RESERVATION_NOT_FOUND",
  );
});

test("bodies over the limit are refused before they are read, announced or not", async () => {
  const long = `{"amount":1,"more":"${"x".repeat(20_000)}"}`;
  await allRefused(
    [charge(long), reserve(long), pay(long), { method: "POST", path: "/api/v1/users", raw: long }],
    "PAYLOAD_TOO_LARGE",
  );
  await allRefused(
    [{ ...charge(long), headers: { "transfer-encoding": "chunked" } }],
    "PAYLOAD_TOO_LARGE",
  );
});

test("methods that a path does not have are refused and say what it has", async () => {
  const paths: Record<string, string> = {
    "/api/v1/users": "POST",
    "/api/v1/payments": "POST",
    "/api/v1/reservations": "POST",
    [`/api/v1/reservations/${held.reservationId}`]: "DELETE",
    [`/api/v1/concerts/${concert.concertId}/queue/tokens/me`]: "GET",
    "/admin/v1/concerts": "POST",
    [`/admin/v1/concerts/${concert.concertId}/policy`]: "PATCH",
  };
  for (const [path, allowed] of Object.entries(paths))
    for (const method of ["PUT", "TRACE", "LOCK"]) {
      const answer = await deployment.client.send({ method, path });
      checkProblem(answer);
      refused(answer, "METHOD_NOT_ALLOWED");
      assert.ok(String(answer.headers.allow).includes(allowed), `${path}: ${answer.headers.allow}`);
    }
  await unchanged();
});

test("odd Authorization headers are no token", async () => {
  const path = `/api/v1/users/${fan.userId}/balance`;
  const { accessToken: token } = fan;
  const odd = [
    "",
    "Bearer",
    "Bearer ",
    token,
    `Basic ${token}`,
    `Bearer ${token} ${token}`,
    `Bearer ${token},`,
    `Bearer\u00a0${token}`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${"x".repeat(6000)}`,
    "Bearer null",
    "Bearer \u00ff\u00fe",
  ];
  await allRefused(
    odd.map((authorization) => ({ path, headers: { authorization } })),
    "ACCESS_TOKEN_INVALID",
  );
});

/** Sends bytes as they are and reads the status line and the rest, for what no client would send. */
const rawly = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(deployment.instances[0]?.url ?? "");
    const socket = net.connect({ host: hostname, port: Number(port) });
    let answer = "";
    socket.setTimeout(5000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
    socket.write(bytes, "latin1");
  });

const rawGet = (target: string, more = ""): string =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}\r\n`;

test("broken addresses and requests get a 4xx and never a 5xx", async () => {
  const targets = [
    "/api/v1/concerts/%zz",
    "/%",
    "/api/v1/concerts/%c3%28",
    "/api/v1/concerts/%2e%2e%2f",
    "//api//v1",
    "/api/v1/concerts/%ff%fe/queue",
    "/api/v1/concerts?limit=%zz",
    "/api/v1/\u00ff",
    "*",
    `/${"x".repeat(12_000)}`,
  ];
  for (const target of targets) {
    const answer = await rawly(rawGet(target));
    assert.match(
      answer,
      /^HTTP\/1\.1 (400|404|414|431) /,
      `${target.slice(0, 60)}: ${answer.slice(0, 200)}`,
    );
    if (target.startsWith("/api/v1/concerts/%"))
      assert.match(
        answer,
        /application\/problem\+json[\s\S]*"code":"(INVALID_REQUEST|NOT_FOUND)"/,
        target,
      );
  }
  for (const bytes of [
    "nonsense\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    rawGet("/", "Content-Length: -5\r\n"),
    rawGet("/", "Content-Length: 5\r\nContent-Length: 6\r\n"),
    "POST /api/v1/users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  ]) {
    const answer = await rawly(bytes);
    assert.doesNotMatch(answer, /^HTTP\/1\.1 5/, bytes);
  }
  await unchanged();
});

test("a request id, a forwarded address or a method override from outside change nothing", async () => {
  const headers = {
    "x-http-method-override": "DELETE",
    "x-forwarded-for": "1.2.3.4",
    "x-user-id": randomUUID(),
  };
  const path = `/api/v1/reservations/${held.reservationId}`;
  const answer: Answer = await call({ path, token: fan.accessToken, headers });
  succeeded(answer, 200);
  await unchanged();
});

test("after all bad input the server still sells, and the books are in order", async () => {
  succeeded(await sale.pay(placed, held.reservationId), 201);
  await sweep(deployment.sql);
  const output = deployment.instances[0]?.output() ?? "";
  assert.doesNotMatch(output, /"level":(50|60|"error"|"fatal")/, "an error was logged");
});
