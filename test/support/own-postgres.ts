import { join } from "node:path";
import { startTestPostgres, templateName } from "../../scripts/test/cluster.ts";
import type { RunningPostgres } from "../../scripts/stores/postgres.ts";

const root = join(import.meta.dirname, "../..");

/**
 * A PostgreSQL of this test file's own, to be frozen, filled and starved, while that of other tests goes on.
 * Each database that this process opens from now on is in it. `folder` is for its data.
 */
export const ownPostgres = async (folder?: string): Promise<RunningPostgres> => {
  const testFolder = process.env["TEST_FOLDER"] ?? "";
  if (testFolder === "")
    throw new Error("This test needs stores: run it with `node scripts/test.ts <file>`.");
  const own = folder ?? join(testFolder, `postgres-${process.pid}`);
  const postgres = await startTestPostgres(root, own);
  process.env["TEST_DATABASE_URL"] = postgres.url(templateName);
  return postgres;
};
