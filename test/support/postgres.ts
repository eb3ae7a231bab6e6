import { randomBytes } from "node:crypto";
import pg from "pg";
import { openDatabase, type Database } from "#platform/postgres/database.ts";
import type { PoolOptions } from "#platform/postgres/pool.ts";

/** A migrated, empty database of a test's own. */
export interface FreshDatabase {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The template's address, from `scripts/test.ts`. Throws, so that the test fails, when there is no
 * server, and when the name lacks `test`: no test ever touches a database that may be a real one.
 */
const templateUrl = (): URL => {
  const text = process.env["TEST_DATABASE_URL"] ?? "";
  if (text === "") {
    throw new Error("This test needs PostgreSQL: run it with `node scripts/test.ts <file>`.");
  }
  const url = new URL(text);
  if (!url.pathname.includes("test")) {
    throw new Error(`Tests refuse the database ${url.pathname.slice(1)}: its name lacks "test".`);
  }
  return url;
};

const beside = (url: URL, database: string): string => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};

const administer = async (url: URL, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: beside(url, "postgres") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

/** Clones the migrated template, about 50 ms. Disposing drops it, whoever is still connected. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  const url = templateUrl();
  const name = `frontrow_test_${process.pid}_${randomBytes(6).toString("hex")}`;
  await administer(url, `create database ${name} template ${url.pathname.slice(1)}`);
  return {
    url: beside(url, name),
    [Symbol.asyncDispose]: () => administer(url, `drop database if exists ${name} with (force)`),
  };
};

const patience = { acquireTimeoutMs: 30_000, queryTimeoutMs: 30_000, statementTimeoutMs: 30_000 };

/**
 * Opens a database for tests that are not about its timeouts: a slow machine may need long to connect and to
 * insert 60,000 seats.
 */
export const openPatiently = (options: PoolOptions): Database =>
  openDatabase({ ...patience, ...options });
