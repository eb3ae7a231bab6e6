import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import {
  findPgbouncer,
  startPgbouncer,
  type PoolMode,
  type RunningPgbouncer,
} from "../../scripts/stores/pgbouncer.ts";

const packagesFolder = join(import.meta.dirname, "../../.data/packages");

/** Starts a PgBouncer in front of the database of a test, with at most 20 connections to the server. */
export const freshPgbouncer = async (
  databaseUrl: string,
  mode: PoolMode,
  connectionsMax = 20,
): Promise<RunningPgbouncer> => {
  const testFolder = process.env["TEST_FOLDER"] ?? "";
  if (testFolder === "")
    throw new Error("This test needs stores: run it with `node scripts/test.ts <file>`.");
  const program = findPgbouncer(packagesFolder);
  if (program === null)
    throw new Error("This test needs PgBouncer: install Debian's package pgbouncer.");
  const folder = mkdtempSync(join(testFolder, "pgbouncer-"));
  return startPgbouncer({ program, folder, databaseUrl, mode, connectionsMax });
};
