import type pg from "pg";

/** Settings on which the statements of this program rely, by their names in PostgreSQL, in lower case. */
export type SessionSettings = Readonly<Record<string, string>>;

/** The rules for the statements on one connection. */
export interface Session {
  /**
   * Whether a pooler such as PgBouncer stands in between. Two transactions of one connection may then run in
   * two sessions of the server, so a session keeps nothing: no setting and no prepared statement.
   */
  readonly isPooled: boolean;
  /** Begins a transaction, READ COMMITTED, in which the settings are in force. */
  readonly begin: string;
}

/** A pooler that ends the transaction after each statement. The message is a clause for the operator. */
export class StatementPooling extends Error {
  constructor(cause: unknown) {
    super("a pooler in statement mode stands in front, and Frontrow needs transactions", { cause });
    this.name = "StatementPooling";
  }
}

/** PgBouncer's sentence; it closes the connection then. */
const isStatementPooling = (error: unknown): boolean =>
  error instanceof Error && error.message.includes("statement pooling mode");

/** A pooler answers a client with a process id that it has invented itself. */
const announcedProcessId = (client: pg.ClientBase): number | null =>
  (client as unknown as { readonly processID: number | null }).processID;

/**
 * Returns whether a pooler stands between this connection and the server. Throws StatementPooling when it
 * allows no transactions; any other error as the driver does. Takes one round trip, three behind a pooler.
 */
export const detectPooler = async (client: pg.ClientBase): Promise<boolean> => {
  const text = "select pg_backend_pid() as id";
  const { rows } = await client.query<{ id: number }>(text);
  if (rows[0]?.id === announcedProcessId(client)) return false;
  try {
    // On its own: a pooler in statement mode lets a transaction pass that ends in the same message.
    await client.query("begin");
    await client.query("commit");
  } catch (error) {
    throw isStatementPooling(error) ? new StatementPooling(error) : error;
  }
  return true;
};

const assignments = (settings: SessionSettings, scope: "local" | "session"): string =>
  Object.entries(settings)
    .map(([name, value]) => `set ${scope} ${name} = '${value}'`)
    .join("; ");

/** Throws when a setting is not in force in a later transaction. */
const verify = async (client: pg.ClientBase, settings: SessionSettings): Promise<void> => {
  const names = Object.keys(settings);
  const { rows } = await client.query<{ name: string; setting: string }>(
    "select lower(name) as name, setting from pg_settings where lower(name) = any($1)",
    [names],
  );
  for (const { name, setting } of rows) {
    // DateStyle is read back with the order of day and month: "ISO, MDY".
    if (setting.split(",")[0] === settings[name]) continue;
    throw new Error(`the session has ${name} ${setting} in place of ${settings[name]}`);
  }
};

/**
 * Brings the settings into force on a new connection, whatever its URL, its role and its database say.
 * Without a pooler they are set in the session, once. Behind one they go with each `begin`.
 *
 * Throws StatementPooling; any other error as the driver does. Takes three round trips.
 */
export const openSession = async (
  client: pg.ClientBase,
  settings: SessionSettings,
): Promise<Session> => {
  if (await detectPooler(client)) {
    const local = assignments(settings, "local");
    return { isPooled: true, begin: `begin isolation level read committed; ${local}` };
  }
  await client.query(assignments(settings, "session"));
  await verify(client, settings);
  return { isPooled: false, begin: "begin" };
};
