import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { refused, succeeded, verdict, type Answer, type Asked } from "#test/support/client.ts";
import {
  alsoServed,
  contractCodes,
  contractRoutes,
  notThereYet,
  type ContractAuth,
  type ContractRole,
  type ContractRoute,
} from "#test/support/contract.ts";
import { openShop } from "#test/support/goods.ts";
import { dateIn, openSale, type Placed } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { forgeriesOf, minted } from "#test/support/tokens.ts";

// Every route of the contract with every kind of token, and the published document against the
// contract in both directions.

const roles = ["admin", "sales", "door", "viewer"] as const;
const keyOf = (role: ContractRole): string => `${role}-key-of-the-tests-0123456789abcdef`;

const deployment = await startDeployment({
  instances: 2,
  env: { OPERATOR_KEYS: roles.map((role) => `${role}-1:${role}:${keyOf(role)}`).join(",") },
});
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);
const { call } = deployment.client;
const { operations, document } = await deployment.client.document();

const nameOf = (it: { method: string; path: string }): string => `${it.method} ${it.path}`;
const shapeOf = (name: string): string => name.replace(/\{[^}]+\}/g, "{}");
const built = [...contractRoutes.filter((it) => !notThereYet.includes(nameOf(it))), ...alsoServed];

const day = dateIn(20);
const mine = await sale.onSale({ dates: [{ date: day }] });
const other = await sale.onSale({ dates: [{ date: day }] });
const narrow = await sale.onSale({ dates: [{ date: day }], policy: { maxActive: 1 } });

const fan = await sale.fan({ balance: 5000 });
const placed = await sale.admitted(fan, mine.concertId);
const elsewhere = await sale.admitted(fan, other.concertId);
const stranger = await sale.admitted(await sale.fan({ balance: 5000 }), mine.concertId);
await sale.admitted(await sale.fan(), narrow.concertId);
const waiting = await sale.placed(await sale.fan({ balance: 5000 }), narrow.concertId);
const ended = await sale.admitted(await sale.fan({ balance: 5000 }), mine.concertId);
await sale.leave(ended);
const held = await sale.reserved(placed, { date: day, seatNumbers: [1] });
const product = await openShop(sale).product();

/** A well-formed request for the route, as the place's owner would send it. */
const requestFor = (route: ContractRoute, place: Placed): Asked => {
  const values: Record<string, string> = {
    userId: place.userId,
    concertId: place.concertId,
    date: day,
    reservationId: held.reservationId,
    paymentId: randomUUID(),
    ticketId: randomUUID(),
    productId: product.productId,
    orderId: randomUUID(),
  };
  const path = route.path.replace(/\{([^}]+)\}/g, (_, name: string) => values[name] ?? "?");
  const bodies: Record<string, unknown> = {
    "POST /api/v1/users/{userId}/balance/charges": { amount: 1 },
    "POST /api/v1/reservations": { date: day, seatNumbers: [2] },
    "POST /api/v1/payments": { reservationId: held.reservationId },
    "POST /api/v1/orders": { items: [{ productId: product.productId, quantity: 1 }] },
    "POST /admin/v1/products": { name: "Never", price: 1, stock: 1, perUser: 1 },
    "PATCH /admin/v1/products/{productId}": { stock: 9 },
    "POST /admin/v1/concerts": { title: "Never", dates: [{ date: day }], price: 1 },
    "PATCH /admin/v1/concerts/{concertId}/policy": { maxActive: 3 },
    "POST /admin/v1/reservations/{reservationId}/release": { reason: "asked by phone" },
  };
  const body = bodies[nameOf(route)];
  return {
    method: route.method,
    path,
    ...(body === undefined ? {} : { body }),
    ...(route.key === "required" ? { key: randomUUID() } : {}),
  };
};

const invalidCode: Record<Exclude<ContractAuth, "none">, string> = {
  access: "ACCESS_TOKEN_INVALID",
  queue: "QUEUE_TOKEN_INVALID",
  active: "QUEUE_TOKEN_INVALID",
  either: "ACCESS_TOKEN_INVALID",
  operator: "OPERATOR_KEY_INVALID",
};

/** Bearers that are no token of the kind that the route wants. */
const wrongBearers = (auth: ContractAuth): Readonly<Record<string, string | undefined>> => {
  const queueForgeries = Object.entries(forgeriesOf(placed.queueToken)).map(
    ([name, token]) => [`queue token with ${name}`, token] as const,
  );
  const accessForgeries = Object.entries(forgeriesOf(fan.accessToken)).map(
    ([name, token]) => [`access token with ${name}`, token] as const,
  );
  const bearers: Record<string, string | undefined> = {
    nothing: undefined,
    "an empty one": "",
    "a foreign key's token": minted(placed.queueToken, {}, randomBytes(32)),
    ...Object.fromEntries([...queueForgeries, ...accessForgeries]),
  };
  if (auth !== "operator") bearers["the operator key"] = deployment.operatorKey;
  else bearers["a longer operator key"] = `${deployment.operatorKey}0`;
  if (auth !== "access" && auth !== "either") bearers["an access token"] = fan.accessToken;
  if (auth === "access" || auth === "operator") bearers["a queue token"] = placed.queueToken;
  return bearers;
};

test("the document has every route of the contract, and beside them only those that are named here", () => {
  const published = operations
    .map(nameOf)
    .filter((it) => / \/(api|admin|\.well-known)\//.test(it))
    .map(shapeOf);
  assert.deepEqual(published.sort(), built.map(nameOf).map(shapeOf).sort());
});

test("routes that do not exist yet are in no document and answer 404", async () => {
  for (const name of notThereYet) {
    const route = contractRoutes.find((it) => nameOf(it) === name);
    assert.ok(route !== undefined, `${name} is not in the contract`);
    const { path, method = "GET" } = requestFor(route, placed);
    const token = route.auth === "operator" ? deployment.operatorKey : placed.queueToken;
    refused(await call({ method, path, token }), "NOT_FOUND");
  }
});

test("the document is OpenAPI 3.1 and declares each success, the token and every code's schema", () => {
  assert.match(String(document["openapi"]), /^3\.1\./);
  for (const route of built) {
    const found = operations.find((it) => shapeOf(nameOf(it)) === shapeOf(nameOf(route)));
    const operation = found?.operation ?? {};
    const declared = Object.keys(operation["responses"] as object);
    for (const status of route.success)
      assert.ok(declared.includes(String(status)), `${nameOf(route)} ${status}`);
    const security = operation["security"] as unknown[] | undefined;
    const guarded = (security ?? (document["security"] as unknown[] | undefined) ?? []).length > 0;
    assert.equal(guarded, route.auth !== "none", `${nameOf(route)} security`);
    assert.equal(typeof operation["operationId"], "string", nameOf(route));
    assert.equal(typeof operation["summary"], "string", nameOf(route));
    if (route.key !== undefined)
      assert.match(JSON.stringify(operation), /idempotency-key/i, `${nameOf(route)} takes a key`);
  }
  const text = JSON.stringify(document);
  for (const code of Object.values(contractCodes).flat())
    assert.ok(text.includes(`"${code}"`) || text.includes(code), `${code} is not in the document`);
});

test("the members that the contract promises are required members of the document's answers", () => {
  const schemaOf = (node: unknown): Record<string, unknown> => {
    const schema = node as Record<string, unknown>;
    const ref = schema["$ref"];
    if (typeof ref !== "string") return schema;
    const name = ref.split("/").at(-1) ?? "";
    const components = document["components"] as { schemas: Record<string, unknown> };
    return schemaOf(components.schemas[name]);
  };
  for (const route of built.filter((it) => it.members !== undefined)) {
    const found = operations.find((it) => shapeOf(nameOf(it)) === shapeOf(nameOf(route)));
    const responses = found?.operation["responses"] as Record<
      string,
      { content: Record<string, { schema: unknown }> }
    >;
    for (const status of route.success) {
      const schema = schemaOf(responses[String(status)]?.content["application/json"]?.schema);
      const required = (schema["required"] ?? []) as string[];
      const missing = (route.members ?? []).filter((it) => !required.includes(it));
      assert.deepEqual(missing, [], `${nameOf(route)} ${status}`);
    }
  }
});

for (const route of built.filter((it) => it.auth !== "none")) {
  const code = invalidCode[route.auth as Exclude<ContractAuth, "none">];
  test(`${nameOf(route)} answers ${code} to every token of another kind`, async () => {
    for (const [name, token] of Object.entries(wrongBearers(route.auth))) {
      const asked = requestFor(route, placed);
      const answer = await call(token === undefined ? asked : { ...asked, token });
      assert.equal(verdict(answer), `401 ${code}`, `with ${name}: ${answer.text}`);
    }
  });
}

for (const route of built.filter((it) => it.roles !== null)) {
  test(`${nameOf(route)} is FORBIDDEN to every other role`, async () => {
    // A call that the role allows changes nothing: there is no such concert, user or member.
    const nowhere = { ...placed, concertId: randomUUID(), userId: randomUUID() };
    const { body: _body, ...asked } = requestFor(route, nowhere);
    const body = route.method === "GET" || route.method === "DELETE" ? {} : { body: { no: 1 } };
    for (const role of roles) {
      const answer = await call({ ...asked, ...body, token: keyOf(role) });
      const isRefused = answer.status === 401 || answer.status === 403;
      assert.equal(isRefused, route.roles?.includes(role) === false, `${role}: ${answer.text}`);
      if (isRefused) refused(answer, "FORBIDDEN");
    }
  });
}

test("the audit names the operator of a change by the key", async () => {
  const path = `/admin/v1/concerts/${other.concertId}/policy`;
  const change = { method: "PATCH", path, body: { maxActive: 7 }, token: keyOf("sales") };
  succeeded(await call(change), 200);
  type Page = { items: { actor: string; action: string }[] };
  const { items } = succeeded<Page>(
    await call({ path: "/admin/v1/audit", token: keyOf("viewer") }),
    200,
  );
  assert.equal(items[0]?.actor, "sales-1");
  assert.equal(
    succeeded<Page>(await sale.admin("GET", "/audit"), 200).items.at(-1)?.actor,
    "operator",
  );
});

test("routes without a token take no notice of one, good or bad", async () => {
  for (const route of built.filter((it) => it.auth === "none"))
    for (const token of ["garbage", fan.accessToken]) {
      const answer = await call({ ...requestFor(route, placed), token });
      // A queue in the order of arrival has no draw.
      if (route.path.includes("/queue/draw")) refused(answer, "NOT_FOUND");
      // The credential is in the body, and this body has none.
      else if (route.path.endsWith("/users/tokens")) refused(answer, "INVALID_REQUEST");
      else succeeded(answer, ...route.success);
    }
});

const expectQueue = async (
  auth: "queue" | "active",
  place: Placed,
  judge: (answer: Answer, name: string) => void,
): Promise<void> => {
  const reads = built.filter((it) => it.auth === auth && it.method === "GET");
  // A stream has no end to wait for; it has a test of its own.
  for (const route of reads.filter((it) => !it.path.endsWith("/events")))
    judge(await call({ ...requestFor(route, place), token: place.queueToken }), nameOf(route));
};

test("ACTIVE routes: an ACTIVE token passes, a waiting one is not active, an ended one has ended", async () => {
  await expectQueue("active", placed, (it, name) => assert.equal(it.status, 200, name));
  await expectQueue("active", waiting, (it) => refused(it, "QUEUE_NOT_ACTIVE"));
  await expectQueue("active", ended, (it) => refused(it, "QUEUE_TOKEN_ENDED"));
  const wanted = { date: day, seatNumbers: [3] };
  refused(await sale.reserve(waiting, wanted), "QUEUE_NOT_ACTIVE");
  refused(await sale.reserve(ended, wanted), "QUEUE_TOKEN_ENDED");
});

test("other queue routes accept their owner's waiting and ended token", async () => {
  for (const place of [placed, waiting, ended])
    await expectQueue("queue", place, (it, name) => assert.equal(it.status, 200, name));
  refused(await sale.pay(waiting, randomUUID()), "RESERVATION_NOT_FOUND");
  refused(await sale.pay(ended, randomUUID()), "RESERVATION_NOT_FOUND");
  succeeded(await sale.leave(ended), 204);
});

test("a queue token of another concert is a mismatch, whether its place is live or not, and whether that concert exists or not", async () => {
  const paths = built.filter(
    (it) => (it.auth === "queue" || it.auth === "active") && it.path.includes("{concertId}"),
  );
  assert.ok(paths.length >= 4);
  for (const route of paths)
    for (const place of [placed, waiting, ended])
      for (const concertId of [other.concertId, randomUUID()]) {
        const asked = requestFor(route, { ...place, concertId });
        refused(await call({ ...asked, token: place.queueToken }), "QUEUE_TOKEN_MISMATCH");
      }
});

test("a queue token of another concert is a mismatch for an own reservation, and 404 for another user's", async () => {
  const path = `/api/v1/reservations/${held.reservationId}`;
  for (const method of ["GET", "DELETE"])
    refused(await call({ method, path, token: elsewhere.queueToken }), "QUEUE_TOKEN_MISMATCH");
  refused(await sale.pay(elsewhere, held.reservationId), "QUEUE_TOKEN_MISMATCH");
  refused(await sale.pay(waiting, held.reservationId), "RESERVATION_NOT_FOUND");
});

test("a queue token acts only for its own user", async () => {
  const wanted = { date: day, seatNumbers: [4] };
  const made = await sale.reserved(stranger, wanted);
  assert.equal(made.userId, stranger.userId);
  const path = `/api/v1/reservations/${made.reservationId}`;
  refused(await call({ path, token: placed.queueToken }), "RESERVATION_NOT_FOUND");
  refused(await sale.pay(placed, made.reservationId), "RESERVATION_NOT_FOUND");
});

test("a signed token that says ACTIVE for ever is not believed about its time", async () => {
  const { secret } = deployment.tokenKey;
  const claims = { activeUntil: Math.floor(Date.now() / 1000) + 10_000 };
  const boasting = { ...waiting, queueToken: minted(waiting.queueToken, claims, secret) };
  refused(await sale.reserve(boasting, { date: day, seatNumbers: [5] }), "QUEUE_NOT_ACTIVE");
});

test("an unknown path answers 404 whatever the token, and the scheme's case does not matter", async () => {
  refused(await call({ path: "/api/v1/unknown", token: fan.accessToken }), "NOT_FOUND");
  const path = `/api/v1/users/${fan.userId}/balance`;
  const authorization = `bearer ${fan.accessToken}`;
  succeeded(await call({ path, headers: { authorization } }), 200);
});
