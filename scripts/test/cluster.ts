import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { startPostgres, type RunningPostgres } from "../stores/postgres.ts";

/** The migrated database; every test database is a clone of it. */
export const templateName = "frontrow_test_template";

const withClient = async (
  url: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};

const migrateWith = async (root: string, url: string): Promise<void> => {
  const file = join(root, "src/platform/postgres/migrate.ts");
  if (existsSync(file)) {
    const { migrate } = (await import(pathToFileURL(file).href)) as {
      migrate: (url: string, log: object) => Promise<void>;
    };
    const say = (): void => undefined;
    await migrate(url, { debug: say, info: say, warn: say, error: say });
    return;
  }
  await withClient(url, async (client) => {
    for (const name of readdirSync(join(root, "migrations")).sort()) {
      await client.query(readFileSync(join(root, "migrations", name), "utf8"));
    }
  });
};

const settings = { max_connections: "300", shared_buffers: "64MB", jit: "off" };

const build = async (root: string, folder: string): Promise<void> => {
  const postgres = await startPostgres({ folder, durable: false, settings });
  try {
    await withClient(postgres.url("postgres"), async (client) => {
      await client.query(`create database ${templateName}`);
    });
    await migrateWith(root, postgres.url(templateName));
  } finally {
    await postgres.stop();
  }
};

const keyOf = (root: string): string => {
  const hash = createHash("sha256");
  const folders = ["migrations", "src/platform/postgres"];
  const files = folders
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
    .concat(
      join(root, "node_modules/.package-lock.json"),
      join(root, "scripts/stores/postgres.ts"),
      join(root, "scripts/test/cluster.ts"),
    );
  for (const file of files.sort()) if (!file.endsWith(".test.ts")) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
};

/**
 * Returns the folder of a migrated cluster that never runs. It stays in node_modules/.cache from run to run;
 * its name holds a hash of its inputs. Two runs may make it at the same time.
 */
const cachedCluster = async (root: string): Promise<string> => {
  const cache = join(root, "node_modules/.cache/frontrow");
  const folder = join(cache, `cluster-${keyOf(root)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    if (name.startsWith("cluster-")) rmSync(join(cache, name), { recursive: true, force: true });
  }
  const draft = mkdtempSync(join(cache, "draft-"));
  try {
    await build(root, draft);
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
};

/** Starts a PostgreSQL in `folder` with the migrated template. It is fast and not durable. */
export const startTestPostgres = async (root: string, folder: string): Promise<RunningPostgres> => {
  const cached = await cachedCluster(root);
  cpSync(cached, folder, { recursive: true, mode: 2, verbatimSymlinks: true });
  rmSync(join(folder, "port"), { force: true });
  return startPostgres({ folder, durable: false, settings });
};
