import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "#kernel/unavailable.ts";
import { mintId } from "#platform/ids.ts";
import { silentLog } from "#platform/log.ts";
import type { Database } from "#platform/postgres/database.ts";
import { catalogueFeature } from "./index.ts";

const unused = () => assert.fail("not asked for");

test("the log says once that settings cannot be read, and once that they are read again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const logged: string[] = [];
  const record = (level: string) => (_: object, message: string) =>
    void logged.push(`${level}: ${message}`);
  const isAway = [false, true, true, false, false];
  const query = async () => {
    if (isAway.shift()) throw new Unavailable("away");
    return [];
  };
  const catalogue = catalogueFeature({
    database: { query } as unknown as Database,
    operatorDatabase: { query } as unknown as Database,
    clock: { nowMs: () => 0 },
    mintId,
    randomBytes: unused,
    currency: "KRW",
    log: { ...silentLog, warn: record("warn"), info: record("info") },
  });
  catalogue.start();
  while (isAway.length > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(250);
  }
  await catalogue.close();
  assert.deepEqual(logged, [
    "warn: the settings of the concerts cannot be read; the last ones read stay in force",
    "info: the settings of the concerts can be read again",
  ]);
});
