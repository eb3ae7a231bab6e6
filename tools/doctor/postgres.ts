import pg from "pg";
import { pendingMigrations, readMigrations } from "../../src/platform/postgres/migrate.ts";
import { detectPooler, StatementPooling } from "../../src/platform/postgres/session.ts";
import { displayAddress } from "../../src/platform/postgres/wait-for-database.ts";
import { reasonOf } from "../../src/platform/reason.ts";
import { fault, ok, warning, type Finding } from "./finding.ts";

/** The facts that PostgreSQL reports. */
export interface PostgresFacts {
  readonly address: string;
  /** As `server_version_num`: 180004. */
  readonly versionNumber: number;
  readonly encoding: string;
  /** Whether it is a standby, or a read-only database. */
  readonly isReadOnly: boolean;
  readonly connectionsMax: number;
  readonly connectionsReserved: number;
  /** Connections of other programs. */
  readonly connectionsOfOthers: number;
  readonly fsync: boolean;
  readonly fullPageWrites: boolean;
  readonly synchronousCommit: string;
  /** The applied migrations with their checksums; null when there is no schema yet. */
  readonly applied: ReadonlyMap<string, string> | null;
  /** Whether the role may create tables. */
  readonly mayCreate: boolean;
  /** Whether a pooler stands in front. */
  readonly isPooled: boolean;
  /** Its clock minus the clock of this machine, in ms. */
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
  readonly creates: boolean;
}

const factsQuery = `
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
    to_regclass('schema_migration') is not null as migrated,
    coalesce(has_schema_privilege(current_schema(), 'create'), false) as creates`;

const readApplied = async (client: pg.Client): Promise<Map<string, string>> => {
  const text = "select name, checksum from schema_migration";
  const { rows } = await client.query<{ name: string; checksum: string }>(text);
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
};

const readSkew = async (client: pg.Client): Promise<number> => {
  const askedMs = Date.now();
  const text = "select extract(epoch from clock_timestamp()) * 1000 as now";
  const { rows } = await client.query<{ now: string }>(text);
  // The server read its clock between the request and the answer: take the middle.
  return Number(rows[0]?.now) - (askedMs + Date.now()) / 2;
};

/** Reads the facts. Throws as the driver does. */
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
    const isPooled = await detectPooler(client);
    const { rows } = await client.query<Row>(factsQuery);
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
      mayCreate: row.creates,
      isPooled,
      skewMs: await readSkew(client),
    };
  } finally {
    await client.end();
  }
};

const checkVersion = ({
  versionNumber,
  address,
  encoding,
  isReadOnly,
}: PostgresFacts): Finding[] => {
  const version = `${Math.floor(versionNumber / 10_000)}.${versionNumber % 10_000}`;
  const fact = `PostgreSQL ${version} at ${address}`;
  return [
    versionNumber < versionMin ? fault(fact, "Frontrow needs 15 or later.") : ok(fact),
    ...(encoding === "UTF8"
      ? []
      : [fault(`its encoding is ${encoding}`, "Create the database with encoding UTF8.")]),
    ...(isReadOnly
      ? [fault("it is a standby, or read-only", "Set DATABASE_URL to the primary.")]
      : []),
  ];
};

const checkConnections = (facts: PostgresFacts, instances: number, each: number): Finding => {
  const { connectionsMax, connectionsReserved, connectionsOfOthers } = facts;
  const needed = instances * each;
  if (facts.isPooled) {
    return warning(
      `a pooler stands in front of it: ${instances} × PG_CONNECTIONS ${each} = ${needed} clients of the pooler`,
      `Check that it accepts ${needed + each} clients (max_client_conn), and in session mode has as many connections (default_pool_size).`,
    );
  }
  const free = connectionsMax - connectionsReserved - connectionsOfOthers;
  const sum = `${instances} × PG_CONNECTIONS ${each} = ${needed} of ${connectionsMax} connections`;
  const fix = `Raise max_connections to ${needed + connectionsReserved + connectionsOfOthers + 10} or more, or lower PG_CONNECTIONS.`;
  if (needed > free) {
    return fault(`${sum}, but only ${Math.max(0, free)} are free`, fix);
  }
  // A rolling upgrade runs one more instance at a time.
  return needed + each > free
    ? warning(`${sum}: not enough for one more instance, as in a rolling upgrade`, fix)
    : ok(sum);
};

const checkDurability = (facts: PostgresFacts): Finding[] => {
  const risky = [
    ...(facts.fsync ? [] : ["fsync"]),
    ...(facts.fullPageWrites ? [] : ["full_page_writes"]),
  ];
  if (risky.length > 0) {
    const fix = `Set ${risky.join(" and ")} to on: without it a power cut may destroy the database.`;
    return [fault(`${risky.join(" and ")} is off`, fix)];
  }
  return facts.synchronousCommit === "off"
    ? [
        fault(
          "synchronous_commit is off",
          "Set it to on: else a crash may lose a payment that was confirmed to the user.",
        ),
      ]
    : [ok(`a commit waits for the disk (synchronous_commit ${facts.synchronousCommit})`)];
};

const checkMigrations = ({ applied, mayCreate }: PostgresFacts): Finding => {
  const all = readMigrations();
  const withRights = "Run npm run migrate with a role that may: this one may not create tables.";
  if (applied === null) {
    return mayCreate
      ? ok(`no schema yet: the first start makes it (${all.length} files)`)
      : fault("no schema yet", withRights);
  }
  try {
    const pending = pendingMigrations(all, applied);
    const later = [...applied.keys()].filter((name) => !all.some((one) => one.name === name));
    if (later.length > 0) {
      return warning(
        `the schema belongs to a later release: ${later.join(", ")}`,
        "Upgrade to that release; this release works with it only as far as the release notes say.",
      );
    }
    if (pending.length === 0) return ok(`the schema is up to date (${all.length} migrations)`);
    const fact = `${pending.length} migrations are not applied: ${pending.map(({ name }) => name).join(", ")}`;
    return mayCreate
      ? warning(fact, "The next start applies them. Make a backup first.")
      : fault(fact, withRights);
  } catch (error) {
    return fault(
      error instanceof Error ? error.message : String(error),
      "Use the release that made this schema, or restore the database.",
    );
  }
};

/** Checks the facts for the given number of instances, with `connectionsEach` connections each. */
export const checkPostgres = (
  facts: PostgresFacts,
  instances: number,
  connectionsEach: number,
): Finding[] => [
  ...checkVersion(facts),
  checkMigrations(facts),
  checkConnections(facts, instances, connectionsEach),
  ...checkDurability(facts),
];

/** The finding when PostgreSQL cannot be reached or used. */
export const postgresUnreachable = (url: string, error: unknown): Finding =>
  fault(
    `PostgreSQL at ${displayAddress(url)} cannot be reached: ${reasonOf(error)}`,
    error instanceof StatementPooling
      ? "Set the pooler's pool_mode to transaction or session."
      : "Start it, or correct DATABASE_URL.",
  );
