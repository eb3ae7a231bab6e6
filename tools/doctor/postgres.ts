import pg from "pg";
import { pendingMigrations, readMigrations } from "../../src/platform/postgres/migrate.ts";
import { reasonOf, displayAddress } from "../../src/platform/postgres/wait-for-database.ts";
import { fault, ok, warning, type Finding } from "./finding.ts";

/** The facts that PostgreSQL tells about itself. */
export interface PostgresFacts {
  readonly address: string;
  /** As `server_version_num`: 180004. */
  readonly versionNumber: number;
  readonly encoding: string;
  /** A standby, or a database that takes no changes. */
  readonly isReadOnly: boolean;
  readonly connectionsMax: number;
  readonly connectionsReserved: number;
  /** Sessions that are not Frontrow's. */
  readonly connectionsOfOthers: number;
  readonly fsync: boolean;
  readonly fullPageWrites: boolean;
  readonly synchronousCommit: string;
  /** The migrations that were applied, with their checksums; null when there is no schema yet. */
  readonly applied: ReadonlyMap<string, string> | null;
  /** Its clock minus this machine's. */
  readonly skewMs: number;
}

const versionMin = 150_000;
const timeoutMs = 3_000;

interface Row {
  readonly version: number;
  readonly encoding: string;
  readonly readonly: boolean;
  readonly most: number;
  readonly reserved: number;
  readonly others: number;
  readonly fsync: boolean;
  readonly pages: boolean;
  readonly commit: string;
  readonly migrated: boolean;
}

const question = `
  select
    current_setting('server_version_num')::int as version,
    current_setting('server_encoding') as encoding,
    pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as readonly,
    current_setting('max_connections')::int as most,
    current_setting('superuser_reserved_connections')::int
      + coalesce(current_setting('reserved_connections', true)::int, 0) as reserved,
    (select count(*)::int from pg_stat_activity where backend_type = 'client backend'
       and application_name not like 'frontrow%') as others,
    current_setting('fsync')::bool as fsync,
    current_setting('full_page_writes')::bool as pages,
    current_setting('synchronous_commit') as commit,
    to_regclass('schema_migration') is not null as migrated`;

const readApplied = async (client: pg.Client): Promise<Map<string, string>> => {
  const text = "select name, checksum from schema_migration";
  const { rows } = await client.query<{ name: string; checksum: string }>(text);
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
};

const readSkew = async (client: pg.Client): Promise<number> => {
  const askedMs = Date.now();
  const text = "select extract(epoch from clock_timestamp()) * 1000 as now";
  const { rows } = await client.query<{ now: string }>(text);
  // The answer was made somewhere between asking and hearing.
  return Number(rows[0]?.now) - (askedMs + Date.now()) / 2;
};

/** Asks PostgreSQL; throws as its driver does. */
export const readPostgres = async (url: string): Promise<PostgresFacts> => {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: "frontrow-doctor",
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Row>(question);
    const [row] = rows;
    if (row === undefined) throw new Error("no answer");
    return {
      address: displayAddress(url),
      versionNumber: row.version,
      encoding: row.encoding,
      isReadOnly: row.readonly,
      connectionsMax: row.most,
      connectionsReserved: row.reserved,
      connectionsOfOthers: row.others,
      fsync: row.fsync,
      fullPageWrites: row.pages,
      synchronousCommit: row.commit,
      applied: row.migrated ? await readApplied(client) : null,
      skewMs: await readSkew(client),
    };
  } finally {
    await client.end();
  }
};

const judgeVersion = ({
  versionNumber,
  address,
  encoding,
  isReadOnly,
}: PostgresFacts): Finding[] => {
  const version = `${Math.floor(versionNumber / 10_000)}.${versionNumber % 10_000}`;
  const what = `PostgreSQL ${version} at ${address}`;
  return [
    versionNumber < versionMin ? fault(what, "Frontrow needs 15 or later.") : ok(what),
    ...(encoding === "UTF8"
      ? []
      : [fault(`its encoding is ${encoding}`, "Create the database with encoding UTF8.")]),
    ...(isReadOnly
      ? [
          fault(
            "it takes no changes: a standby, or read-only",
            "Let DATABASE_URL name the primary.",
          ),
        ]
      : []),
  ];
};

const judgeConnections = (facts: PostgresFacts, instances: number, each: number): Finding => {
  const { connectionsMax, connectionsReserved, connectionsOfOthers } = facts;
  const needed = instances * each;
  const free = connectionsMax - connectionsReserved - connectionsOfOthers;
  const sum = `${instances} × PG_CONNECTIONS ${each} = ${needed} of ${connectionsMax} connections`;
  const mend = `Raise max_connections to ${needed + connectionsReserved + connectionsOfOthers + 10} or more, or lower PG_CONNECTIONS.`;
  if (needed > free) {
    return fault(`${sum}, but only ${Math.max(0, free)} are left for them`, mend);
  }
  // One more instance at a time is there while a new release is rolled out.
  return needed + each > free
    ? warning(`${sum}: no room for one more instance, as in a rolling upgrade`, mend)
    : ok(sum);
};

const judgeDurability = (facts: PostgresFacts): Finding[] => {
  const risky = [
    ...(facts.fsync ? [] : ["fsync"]),
    ...(facts.fullPageWrites ? [] : ["full_page_writes"]),
  ];
  if (risky.length > 0) {
    const mend = `Set ${risky.join(" and ")} to on: without it a power cut may destroy the database.`;
    return [fault(`${risky.join(" and ")} is off`, mend)];
  }
  return facts.synchronousCommit === "off"
    ? [
        fault(
          "synchronous_commit is off",
          "Set it to on: a payment that was answered may be gone after a crash.",
        ),
      ]
    : [ok(`a commit waits for the disk (synchronous_commit ${facts.synchronousCommit})`)];
};

const judgeMigrations = ({ applied }: PostgresFacts): Finding => {
  const all = readMigrations();
  if (applied === null) return ok(`no schema yet: the first start makes it (${all.length} files)`);
  try {
    const pending = pendingMigrations(all, applied);
    const later = [...applied.keys()].filter((name) => !all.some((one) => one.name === name));
    if (later.length > 0) {
      return warning(
        `the schema is a later release's: ${later.join(", ")}`,
        "Go on to that release; this one works on it only as far as the release notes say.",
      );
    }
    return pending.length === 0
      ? ok(`the schema is up to date (${all.length} migrations)`)
      : warning(
          `${pending.length} migrations are not applied: ${pending.map(({ name }) => name).join(", ")}`,
          "The next start applies them; make a backup first.",
        );
  } catch (error) {
    return fault(
      error instanceof Error ? error.message : String(error),
      "Take the files of the release that made this schema, or restore the database.",
    );
  }
};

/** Judges the facts for so many instances with so many connections each. */
export const judgePostgres = (
  facts: PostgresFacts,
  instances: number,
  connectionsEach: number,
): Finding[] => [
  ...judgeVersion(facts),
  judgeMigrations(facts),
  judgeConnections(facts, instances, connectionsEach),
  ...judgeDurability(facts),
];

/** When it could not be asked. */
export const postgresAway = (url: string, error: unknown): Finding =>
  fault(
    `PostgreSQL at ${displayAddress(url)} cannot be reached: ${reasonOf(error)}`,
    "Start it, or let DATABASE_URL say where it is.",
  );
