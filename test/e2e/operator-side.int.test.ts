import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { startDeployment } from "#test/support/server.ts";

// The operators' paths of a production installation: the key of the metrics, the console's session for the
// documents, and a listener of their own.

const production = {
  NODE_ENV: "production",
  USERS_BUILT_IN: "true",
  FAILED_KEYS_PER_ADDRESS: "0",
  PUBLIC_URL: "https://tickets.example",
};
const deployment = await startDeployment({ instances: 1, env: production });
after(() => deployment[Symbol.asyncDispose]());
const key = { authorization: `Bearer ${deployment.operatorKey}` };
const shared = deployment.instances[0]?.url ?? assert.fail();
const separate = await deployment.add({ OPS_PORT: "0" });
const opsUrl = separate.opsUrl ?? assert.fail("no listener for operators");

const ask = async (url: string, init: RequestInit = {}) => {
  const answer = await fetch(url, { redirect: "manual", ...init });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
};
const codeOf = ({ body }: { body: string }) => (JSON.parse(body) as { code: string }).code;

const openSession = async (url: string): Promise<{ cookie: string; attributes: string[] }> => {
  const answer = await ask(`${url}/admin/v1/session`, { method: "POST", headers: key });
  assert.equal(answer.status, 204);
  const [cookie = "", ...attributes] = (answer.headers.get("set-cookie") ?? "").split("; ");
  return { cookie, attributes };
};

test("in production /metrics needs the operator key, and a wrong key is logged", async () => {
  for (const headers of [{}, { authorization: "Bearer wrong-key-of-nobody" }]) {
    const answer = await ask(`${shared}/metrics`, { headers });
    assert.deepEqual([answer.status, codeOf(answer)], [401, "OPERATOR_KEY_INVALID"]);
  }
  assert.equal((await ask(`${shared}/metrics`, { headers: key })).status, 200);
  assert.match(deployment.instances[0]?.output() ?? "", /an operator key is wrong/);
});

test("in production /docs needs a session of the console; a browser is sent to sign in", async () => {
  const browser = { accept: "text/html,application/xhtml+xml" };
  for (const path of ["/docs", "/docs/"]) {
    const sent = await ask(shared + path, { headers: browser });
    assert.deepEqual([sent.status, sent.headers.get("location")], [303, "/console?then=docs"]);
    assert.equal(sent.headers.get("cache-control"), "no-store");
  }
  for (const path of ["/docs", "/docs/static/swagger-ui.css"]) {
    const refused = await ask(shared + path, { headers: key });
    assert.deepEqual([refused.status, codeOf(refused)], [401, "OPERATOR_KEY_INVALID"], path);
  }
  const { cookie } = await openSession(shared);
  for (const path of ["/docs", "/docs/static/swagger-ui.css"])
    assert.equal((await ask(shared + path, { headers: { cookie } })).status, 200, path);
  assert.equal((await ask(`${shared}/openapi.json`)).status, 200, "the document stays public");
});

test("the session's cookie is short, HttpOnly and strict, and opens no call of the API", async () => {
  const { cookie, attributes } = await openSession(shared);
  assert.deepEqual(attributes, [
    "Path=/docs",
    "Max-Age=3600",
    "HttpOnly",
    "SameSite=Strict",
    "Secure",
  ]);
  assert.ok(!cookie.includes(deployment.operatorKey));
  const token = cookie.replace(/^[^=]+=/, "");
  for (const headers of [{ cookie }, { authorization: `Bearer ${token}` }])
    for (const path of ["/admin/v1/audit", "/metrics"])
      assert.equal((await ask(shared + path, { headers })).status, 401, path);
  for (const forged of [`${cookie}x`, cookie.replace(/.$/, ""), "frontrow_console=", "other=1"])
    assert.equal((await ask(`${shared}/docs`, { headers: { cookie: forged } })).status, 401);

  const closed = await ask(`${shared}/admin/v1/session`, { method: "DELETE", headers: key });
  assert.equal(closed.status, 204);
  assert.match(
    closed.headers.get("set-cookie") ?? "",
    /^frontrow_console=; Path=\/docs; Max-Age=0/,
  );
  const without = await ask(`${shared}/admin/v1/session`, { method: "POST" });
  assert.deepEqual([without.status, without.headers.get("set-cookie")], [401, null]);
});

test("with OPS_PORT the fans' port knows no path of operators", async () => {
  for (const path of ["/admin/v1/audit", "/console", "/docs", "/docs/", "/metrics"]) {
    const answer = await ask(separate.url + path, { headers: key });
    assert.deepEqual([answer.status, codeOf(answer)], [404, "NOT_FOUND"], path);
    const page = await ask(separate.url + path, { headers: { ...key, accept: "text/html" } });
    assert.deepEqual([page.status, page.headers.get("location")], [404, null], path);
  }
  for (const path of ["/", "/api/v1/concerts", "/openapi.json", "/healthz", "/readyz"])
    assert.equal((await ask(separate.url + path)).status, 200, path);
});

test("with OPS_PORT its port serves operators, with metrics open and /docs by the session", async () => {
  for (const path of ["/metrics", "/console", "/healthz", "/readyz", "/api/v1/concerts"])
    assert.equal((await ask(opsUrl + path)).status, 200, path);
  assert.equal((await ask(`${opsUrl}/admin/v1/audit`)).status, 401);
  assert.equal((await ask(`${opsUrl}/admin/v1/audit`, { headers: key })).status, 200);
  assert.equal((await ask(`${opsUrl}/docs`)).status, 401);
  const { cookie } = await openSession(opsUrl);
  assert.equal((await ask(`${opsUrl}/docs`, { headers: { cookie } })).status, 200);
});

test("a session ends with its key, on every instance", async () => {
  const { cookie } = await openSession(shared);
  const renewed = await deployment.add({ OPERATOR_KEY: randomBytes(24).toString("hex") });
  assert.equal((await ask(`${renewed.url}/docs`, { headers: { cookie } })).status, 401);
});

test("both listeners drain on SIGTERM", async () => {
  const leaving = await deployment.add({ OPS_PORT: "0", DRAIN_DELAY_SECONDS: "300" });
  const urls = [leaving.url, leaving.opsUrl ?? assert.fail()];
  leaving.signal("SIGTERM");
  for (const url of urls) {
    let status = 200;
    while (status === 200) ({ status } = await ask(`${url}/readyz`));
    assert.equal(status, 503);
    assert.equal((await ask(`${url}/healthz`)).status, 200);
  }
});
