import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import pg from "pg";
import { freshDatabase } from "#test/support/postgres.ts";

// docs/schema.md against a migrated database, table by table and column by column.

const shortNames: Readonly<Record<string, string>> = { "timestamp with time zone": "timestamptz" };

test("docs/schema.md has every table, column, type and primary key of a migrated database, and no other", async () => {
  await using database = await freshDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{
    table: string;
    column: string;
    type: string;
    key: boolean;
  }>(
    `select c.table_name as table, c.column_name as column, c.data_type as type, exists (
       select from information_schema.table_constraints t
       join information_schema.key_column_usage k using (constraint_schema, constraint_name)
       where t.constraint_type = 'PRIMARY KEY' and k.table_name = c.table_name
         and k.column_name = c.column_name) as key
     from information_schema.columns c where c.table_schema = 'public'`,
  );
  await client.end();
  const real = rows.map(
    (it) => `${it.table}.${it.column} ${shortNames[it.type] ?? it.type}${it.key ? " PK" : ""}`,
  );
  const page = readFileSync(new URL("../../docs/schema.md", import.meta.url), "utf8");
  const written = [...page.matchAll(/^ {2}(\w+) \{\n([\s\S]*?)^ {2}\}/gm)].flatMap(
    ([, table, body]) =>
      (body ?? "")
        .trim()
        .split("\n")
        .map((line) => {
          const [type, column, ...marks] = line.trim().replaceAll(",", "").split(" ");
          return `${table}.${column} ${type}${marks.includes("PK") ? " PK" : ""}`;
        }),
  );
  assert.deepEqual(written.sort(), real.sort());
});
