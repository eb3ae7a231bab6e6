import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
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
  "ticket keys": { config: { TICKET_KEYS: secret } },
  "an operator key": { OPERATOR_KEY: secret },
  "an idempotency key": { idempotencyKey: secret },
  "a draw seed": { drawSeed: secret },
  "a password": { password: secret },
  "a password in a URL": { database: `postgres://me:${secret}@host/db` },
  "a password with an @ in a URL": { database: `redis://:a@${secret}@host` },
  "bearer credentials in text": { note: `sent Bearer ${secret} to us` },
  "a JWT in text": { note: `got eyJhbGciOiJIUzI1NiJ9.${secret}.x` },
  "a JWT in the middle of a word": { note: `a-eyJhbGciOiJIUzI1NiJ9.x.${secret}` },
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

test("a client's long text is cut", () => {
  const text = written("info", (log) => log.info({ url: "x".repeat(15_000) }, "refused"));
  assert.ok(text.length < 5_000, String(text.length));
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

const refusedPassword = (): Error =>
  Object.assign(new Error('password authentication failed for user "frontrow"'), {
    code: "28P01",
    severity: "FATAL",
  });

test("a line about a store has the store's own sentence, and no stack", () => {
  const { err } = JSON.parse(
    written("warn", (log) => {
      const error = new Unavailable("no connection to the database", { cause: refusedPassword() });
      log.warn({ err: error }, "a request could not be served");
    }),
  ) as { err: Record<string, string> };
  assert.deepEqual(err, {
    type: "Unavailable",
    message: "no connection to the database",
    reason:
      'the server refuses the password (28P01): password authentication failed for user "frontrow"',
  });
});

test("requests and jobs that fail by one cause are one line, and a flush tells their number", () => {
  const away = () =>
    new Unavailable("Redis is not connected", {
      cause: new Error("WRONGPASS invalid username-password pair or user is disabled."),
    });
  const text = written("info", (log) => {
    for (let n = 0; n < 100; n += 1) {
      log.warn({ err: away(), requestId: `r${n}` }, "a request could not be served");
      log.warn({ err: away() }, "an admission pass failed");
    }
    log.warn({ err: new Unavailable("another") }, "a request could not be served");
    log.flush();
  });
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ msg, repeated }) => [msg, repeated]),
    [
      ["a request could not be served", undefined],
      ["a request could not be served", undefined],
      ["an admission pass failed", 199],
    ],
  );
});

test("each request that fails by a bug has its line, and a job that fails by one has a line every 10 s", () => {
  const count = (fields: object): number =>
    written("info", (log) => {
      for (let n = 0; n < 5; n += 1) log.error({ err: new TypeError("odd"), ...fields }, "failed");
    }).match(/\n/g)?.length ?? 0;
  assert.equal(count({ requestId: "r" }), 5);
  assert.equal(count({}), 1);
});

test("a line that one client causes again and again is written every 10 s, with its number; another client has its own", () => {
  const text = written("info", (log) => {
    for (let n = 0; n < 50; n += 1)
      for (const address of ["10.0.0.1", "10.0.0.2"])
        log.warn({ address, requestId: `r${n}` }, "an operator key is wrong");
    log.flush();
  });
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ address, requestId, repeated }) => [address, requestId, repeated]),
    [
      ["10.0.0.1", "r0", undefined],
      ["10.0.0.2", "r0", undefined],
      ["10.0.0.1", "r49", 49],
      ["10.0.0.2", "r49", 49],
    ],
  );
});

test("lines of clients with many addresses do not keep a fault of the server from its own line", () => {
  const text = written("info", (log) => {
    for (let n = 0; n < 1_000; n += 1)
      log.warn({ address: `2001:db8::${n.toString(16)}` }, "an operator key is wrong");
    log.error({ err: new Unavailable("Redis is not connected") }, "an admission pass failed");
    log.error({ err: new Unavailable("PostgreSQL is not connected") }, "the sweeper failed");
  });
  for (const message of ["an admission pass failed", "the sweeper failed"])
    assert.ok(text.includes(message), message);
});

test("each line has the fields of the log itself", () => {
  let text = "";
  const destination = { write: (line: string) => void (text += line) };
  const ownFields = { instance: "web-1:7", version: "1.2.3" };
  createLog({ level: "info", destination, ownFields }).info({}, "x");
  const line = JSON.parse(text) as Record<string, unknown>;
  assert.deepEqual([line["instance"], line["version"]], ["web-1:7", "1.2.3"]);
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
