import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { createClient } from "redis";
import { refused, succeeded } from "#test/support/client.ts";
import { eventually, race } from "#test/support/concurrency.ts";
import { openSale, openSaleOn, type Fan } from "#test/support/sale.ts";
import { startDeployment, type Instance } from "#test/support/server.ts";

// Goal: an operator who reads the log learns the store's own sentence, and the log stays readable while
// every request fails.

const deployment = await startDeployment({ instances: 1 });
after(() => deployment[Symbol.asyncDispose]());
const sale = openSale(deployment);

interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly reason?: string;
  readonly repeated?: number;
  readonly instance?: string;
  readonly version?: string;
  readonly err?: { readonly message: string; readonly reason?: string; readonly stack?: string };
}

const linesOf = (instance: Instance): LogLine[] =>
  instance
    .output()
    .split("\n")
    .filter((line) => line.startsWith('{"level"'))
    .map((line) => JSON.parse(line) as LogLine);

const says = (instance: Instance, pattern: RegExp): true | undefined =>
  linesOf(instance).some(({ reason = "", err }) =>
    pattern.test(`${reason} ${err?.reason ?? ""}`),
  ) || undefined;

const changePassword = async (role: string): Promise<string> => {
  const password = randomBytes(12).toString("hex");
  await deployment.sql(`alter role ${role} password '${password}'`);
  return password;
};

test("while Redis is away each cause has a line in 10 s, however many requests fail, and none has a stack", async () => {
  const instance = await deployment.add();
  const { concertId } = await sale.onSale();
  const fans = await sale.fans(20);
  await deployment.redis.kill();
  const startedMs = performance.now();
  const here = openSaleOn(deployment, [instance]);
  for (let round = 0; round < 20; round += 1) {
    const answers = await race(fans.map((fan) => () => here.join(fan, concertId)));
    for (const answer of answers) refused(answer, "UNAVAILABLE");
  }
  const tookMs = performance.now() - startedMs;
  await deployment.redis.restart();
  await eventually("the instance takes people in again", async () => {
    const answer = await here.join(fans[0] as Fan, concertId);
    return answer.status < 300 || undefined;
  });
  instance.signal("SIGTERM");
  await instance.ended;
  const lines = linesOf(instance).filter(({ level }) => level === "warn" || level === "error");
  const byCause = Object.groupBy(lines, ({ err }) => err?.reason ?? err?.message ?? "");
  const perCauseMax = 3 + Math.floor(tookMs / 10_000);
  for (const [cause, some = []] of Object.entries(byCause).filter(([name]) => name !== "")) {
    assert.ok(some.length <= perCauseMax, `${some.length} lines of ${cause}`);
  }
  const counted = lines.reduce((sum, { err, repeated }) => sum + (err ? (repeated ?? 1) : 0), 0);
  assert.ok(counted >= 400, `400 refusals, ${counted} in the log`);
  for (const { err } of lines) assert.equal(err?.stack, undefined);
  for (const line of linesOf(instance)) {
    assert.match(line.instance ?? "", new RegExp(`:${instance.pid}$`));
    assert.match(line.version ?? "", /^\d+\.\d+\.\d+/);
  }
});

test("the log has the sentence of a PostgreSQL that refuses the password", async () => {
  const role = `frontrow_log_${randomBytes(4).toString("hex")}`;
  await deployment.sql(`create role ${role} login superuser`);
  const url = new URL(deployment.databaseUrl);
  url.username = role;
  url.password = await changePassword(role);
  const instance = await deployment.add({ DATABASE_URL: url.href });
  await changePassword(role);
  await eventually("the log has PostgreSQL's sentence", async () => {
    // A session that was opened before the change goes on until it ends.
    const text = "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1";
    await deployment.sql(text, [role]);
    return says(instance, /password authentication failed for user/);
  });
  assert.ok(!instance.output().includes(url.password));
  instance.signal("SIGKILL");
  await instance.ended;
  await deployment.sql(`drop role ${role}`);
});

test("the log has the sentence of a Redis that refuses the password or the user", async () => {
  const client = createClient({ url: deployment.redis.url });
  await client.connect();
  await client.sendCommand(["ACL", "SETUSER", "guest", "on", ">right"]);
  client.destroy();
  const url = new URL(deployment.redis.url);
  url.username = "guest";
  url.password = "right";
  const guest = await deployment.add({ REDIS_URL: url.href });
  await eventually("the log has NOPERM", () => says(guest, /NOPERM .*no permissions/));
  url.password = "wrong";
  const wrong = await deployment.add({ REDIS_URL: url.href });
  await eventually("the log has WRONGPASS", () => says(wrong, /WRONGPASS invalid username/));
  const fan = await sale.fan();
  const { concertId } = await sale.onSale();
  refused(await openSaleOn(deployment, [wrong]).join(fan, concertId), "UNAVAILABLE");
  succeeded(await sale.join(fan, concertId), 201);
});
