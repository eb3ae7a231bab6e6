import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog, silentLog, type LogLevel } from "./log.ts";

const written = (level: LogLevel, write: (log: ReturnType<typeof createLog>) => void): string => {
  let text = "";
  write(createLog({ level, destination: { write: (line) => void (text += line) } }));
  return text;
};

test("a log line is JSON with the level's name, an RFC 3339 time, the fields and the message", () => {
  const line = JSON.parse(written("info", (log) => log.info({ seats: 2 }, "held"))) as Record<
    string,
    unknown
  >;
  assert.equal(line["level"], "info");
  assert.equal(line["seats"], 2);
  assert.equal(line["msg"], "held");
  assert.match(String(line["time"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

const secret = "s3cr3t-s3cr3t";
const leaks: Record<string, object> = {
  "an authorization header": { headers: { Authorization: `Bearer ${secret}` } },
  "a cookie": { headers: { cookie: secret } },
  "a token": { status: { token: secret } },
  "an access token": { accessToken: secret },
  "token keys": { config: { TOKEN_KEYS: secret } },
  "an operator key": { OPERATOR_KEY: secret },
  "an idempotency key": { idempotencyKey: secret },
  "a draw seed": { drawSeed: secret },
  "a password": { password: secret },
  "a password in a URL": { database: `postgres://me:${secret}@host/db` },
  "bearer credentials in text": { note: `sent Bearer ${secret} to us` },
  "a JWT in text": { note: `got eyJhbGciOiJIUzI1NiJ9.${secret}.x` },
  "a secret in an error": { err: new Error(`postgres://me:${secret}@host/db is away`) },
  "a secret in an error's cause": {
    err: new Error("outer", { cause: new Error(`Bearer ${secret}`) }),
  },
  "a secret in a list": { list: [{ token: secret }] },
  "a secret in the depth": { a: { b: { c: { d: { e: { f: { g: secret } } } } } } },
};
for (const [title, fields] of Object.entries(leaks)) {
  test(`never written: ${title}`, () => {
    const text = written("info", (log) => log.info(fields, "x"));
    assert.ok(!text.includes(secret), text);
  });
}

test("a secret in the message itself is not written", () => {
  assert.ok(!written("info", (log) => log.info({}, `Bearer ${secret}`)).includes(secret));
});

test("values that are no secrets stay readable", () => {
  const text = written("info", (log) => log.info({ a: [1, "two"], b: null, n: 12n }, "x"));
  assert.match(text, /"a":\[1,"two"\],"b":null,"n":"12"/);
});

test("an error keeps its type, message, stack and code", () => {
  const text = written("error", (log) =>
    log.error({ err: Object.assign(new TypeError("odd"), { code: "23505" }) }, "failed"),
  );
  const { err } = JSON.parse(text) as { err: Record<string, string> };
  assert.equal(err["type"], "TypeError");
  assert.equal(err["message"], "odd");
  assert.equal(err["code"], "23505");
  assert.match(err["stack"] ?? "", /log\.test/);
});

test("log lines below the level are not written", () => {
  const text = written("warn", (log) => {
    log.debug({}, "1");
    log.info({}, "2");
    log.warn({}, "3");
    log.error({}, "4");
  });
  assert.equal(text.trim().split("\n").length, 2);
});

test("the silent log accepts every call and writes nothing", () => {
  for (const level of ["debug", "info", "warn", "error"] as const) silentLog[level]({}, "x");
});
