import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { eventually } from "#test/support/concurrency.ts";
import { openSale } from "#test/support/sale.ts";
import { startDeployment } from "#test/support/server.ts";
import { solveProof } from "#test/support/solve-proof.ts";

// The challenge before an account and a place, on three instances.

const proofs = await startDeployment({
  env: { CHALLENGE: "pow", CHALLENGE_COST: "4" },
  proxies: true,
});
after(() => proofs[Symbol.asyncDispose]());
const sale = openSale(proofs);

type Body = Record<string, unknown>;
const urlOf = (index: number): string => proofs.instances[index]?.url ?? "";

const call = async (method: string, url: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(url, { method, headers });
  return { status: answer.status, body: (await answer.json()) as Body, headers: answer.headers };
};

const solved = async (index = 0): Promise<string> => {
  const { status, body } = await call("GET", `${urlOf(index)}/api/v1/challenge`);
  assert.equal(status, 200);
  assert.equal(body["kind"], "pow");
  return solveProof(body["proof"] as Parameters<typeof solveProof>[0]);
};

const createUser = (response: string | null, index = 0) =>
  call(
    "POST",
    `${urlOf(index)}/api/v1/users`,
    response === null ? {} : { "challenge-response": response },
  );

const join = (concertId: string, token: unknown, response: string | null, index = 0) =>
  call("POST", `${urlOf(index)}/api/v1/concerts/${concertId}/queue/tokens`, {
    authorization: `Bearer ${String(token)}`,
    ...(response === null ? {} : { "challenge-response": response }),
  });

const codeOf = ({ status, body }: { status: number; body: Body }): string =>
  `${status} ${String(body["code"])}`;

const newUser = async (): Promise<Body> => {
  const { status, body } = await createUser(await solved());
  assert.equal(status, 201);
  return body;
};

test("a proof from one instance makes one account on another, once on all of them", async () => {
  assert.equal(codeOf(await createUser(null)), "403 CHALLENGE_REQUIRED");
  const proof = await solved(0);
  assert.equal((await createUser(proof, 1)).status, 201);
  for (const index of [0, 1, 2])
    assert.equal(codeOf(await createUser(proof, index)), "403 CHALLENGE_REQUIRED");
  const another = await solved(1);
  const all = await Promise.all(Array.from({ length: 12 }, (_, n) => createUser(another, n % 3)));
  assert.equal(all.filter(({ status }) => status === 201).length, 1);
});

test("a new place needs a proof, and its user gets it again without one", async () => {
  const { concertId } = await sale.onSale();
  const { accessToken } = await newUser();
  assert.equal(codeOf(await join(concertId, accessToken, null)), "403 CHALLENGE_REQUIRED");
  const proof = await solved();
  const joined = await join(concertId, accessToken, proof);
  assert.equal(joined.status, 201);
  for (const [index, response] of [null, proof, await solved()].entries()) {
    const again = await join(concertId, accessToken, response, index);
    assert.equal(again.status, 200);
  }
  const status = await fetch(`${urlOf(2)}/api/v1/concerts/${concertId}/queue/tokens/me`, {
    headers: { authorization: `Bearer ${String(joined.body["token"])}` },
  });
  assert.equal(status.status, 200, "a poll needs none");
});

test("token, shape and concert are judged before the challenge, and a full body of it is refused", async () => {
  const { concertId } = await sale.onSale();
  const { accessToken } = await newUser();
  assert.equal(codeOf(await join(concertId, "rubbish", null)), "401 ACCESS_TOKEN_INVALID");
  assert.equal(codeOf(await join("rubbish", accessToken, null)), "400 INVALID_REQUEST");
  const unknown = "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17";
  assert.equal(codeOf(await join(unknown, accessToken, null)), "404 CONCERT_NOT_FOUND");
  const long = await join(concertId, accessToken, "x".repeat(4_097));
  assert.equal(codeOf(long), "400 INVALID_REQUEST");
  assert.equal(
    codeOf(await join(concertId, accessToken, "x".repeat(4_096))),
    "403 CHALLENGE_REQUIRED",
  );
});

test("while Redis is away a proof is not accepted, and nothing is created", async () => {
  const [counted] = await proofs.sql<{ n: number }>("select count(*)::int as n from app_user");
  const proof = await solved();
  proofs.proxies?.redis.cut();
  await eventually("the loss is noticed", async () =>
    codeOf(await createUser(proof)) === "503 UNAVAILABLE" ? true : undefined,
  );
  assert.equal((await createUser(proof)).headers.has("retry-after"), true);
  proofs.proxies?.redis.heal();
  const [still] = await proofs.sql<{ n: number }>("select count(*)::int as n from app_user");
  assert.deepEqual(still, counted);
  await eventually("accounts again", async () =>
    (await createUser(await solved())).status === 201 ? true : undefined,
  );
});

test("a check of the operator decides about accounts and places", async (t) => {
  const asked: Body[] = [];
  const hook = createServer((incoming, outgoing) => {
    let text = "";
    incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
    incoming.on("end", () => {
      const body = JSON.parse(text) as Body;
      asked.push(body);
      outgoing.writeHead(body["response"] === "seat-club" ? 204 : 403).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  const hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/entry`;
  const { index, url } = await proofs.add({ CHALLENGE: "hook", CHALLENGE_HOOK_URL: hookUrl });
  assert.equal(index, 3);
  const create = (response: string | null) =>
    call(
      "POST",
      `${url}/api/v1/users`,
      response === null ? {} : { "challenge-response": response },
    );
  const about = await call("GET", `${url}/api/v1/challenge`);
  assert.deepEqual(about.body, { kind: "hook", expiresAt: null, proof: null });
  assert.equal(codeOf(await create(null)), "403 CHALLENGE_REQUIRED");
  const user = await create("seat-club");
  assert.equal(user.status, 201);
  const { concertId } = await sale.onSale();
  const joined = await call("POST", `${url}/api/v1/concerts/${concertId}/queue/tokens`, {
    authorization: `Bearer ${String(user.body["accessToken"])}`,
    "challenge-response": "seat-club",
  });
  assert.equal(joined.status, 201);
  assert.deepEqual(asked, [
    { action: "create-user", response: null },
    { action: "create-user", response: "seat-club" },
    { action: "join-queue", response: "seat-club", userId: user.body["userId"], concertId },
  ]);
  hook.closeAllConnections();
  await new Promise((resolve) => hook.close(resolve));
  t.after(() => hook.close());
  assert.equal(codeOf(await create("seat-club")), "503 UNAVAILABLE");
});
