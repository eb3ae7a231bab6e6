import { randomBytes } from "node:crypto";
import { parseConfig } from "../../src/app/config.ts";
import { wire } from "../../src/app/wire.ts";
import { createLog } from "#platform/log.ts";
import { createMeters } from "#platform/metrics.ts";
import { openDatabase } from "#platform/postgres/database.ts";
import { openSnapshots } from "#platform/postgres/snapshots.ts";
import type { ApiDocument } from "./generate.ts";

/** Reads the OpenAPI document from a server that does not listen and asks no store. */
export const readDocument = async (): Promise<ApiDocument> => {
  const config = parseConfig({
    DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing",
    REDIS_URL: "memory",
    OPERATOR_KEY: randomBytes(24).toString("hex"),
    TOKEN_KEYS: `once:${randomBytes(32).toString("hex")}`,
    TICKET_KEYS: `1:${randomBytes(32).toString("hex")}`,
  });
  const log = createLog({ level: "silent" });
  const database = openDatabase({ url: config.databaseUrl });
  const snapshots = openSnapshots({ url: config.databaseUrl });
  const meters = createMeters();
  const app = await wire(config, {
    database,
    operatorDatabase: database,
    snapshots,
    redis: null,
    log,
    meters,
  });
  try {
    const answer = await app.listeners.main.inject({ method: "GET", url: "/openapi.json" });
    return answer.json<ApiDocument>();
  } finally {
    await app.close();
    meters.close();
    await Promise.all([database.close(), snapshots.close()]);
  }
};
