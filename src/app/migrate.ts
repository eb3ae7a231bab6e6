import { migrate } from "#platform/postgres/migrate.ts";
import { waitForDatabase } from "#platform/postgres/wait-for-database.ts";
import { ConfigError } from "./config.ts";
import { databaseAddress, readerOf } from "./config/readers.ts";
import { openLog } from "./open-log.ts";
import { explainStartError } from "./start-error.ts";

// `npm run migrate`. Brings the schema up to date and ends, for installations whose instances have a role that
// may not change it. Needs DATABASE_URL only, with a role that may.

const databaseStartMs = 30_000;

const main = async (): Promise<void> => {
  const reader = readerOf(process.env);
  const url = reader.required("DATABASE_URL", databaseAddress, "");
  if (reader.faults.length > 0) throw new ConfigError(reader.faults);
  const log = openLog("info");
  await waitForDatabase({ url, withinMs: databaseStartMs, log });
  await migrate(url, log);
  process.stdout.write("The schema is up to date.\n");
};

try {
  await main();
} catch (error) {
  process.stderr.write(`${explainStartError(error)}\n`);
  process.exitCode = 1;
}
