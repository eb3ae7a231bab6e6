import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { pendingMigrations, readMigrations, type Migration } from "./migrate.ts";

const migration = (name: string, checksum = name): Migration => ({ name, sql: "", checksum });
const [one, two, three] = ["0001_a.sql", "0002_b.sql", "0003_c.sql"].map((name) => migration(name));
assert.ok(one && two && three);

const names = (list: readonly Migration[]): string[] => list.map(({ name }) => name);
const applied = (...list: Migration[]): Map<string, string> =>
  new Map(list.map(({ name, checksum }) => [name, checksum]));

test("files that are not applied are pending, in order", () => {
  assert.deepEqual(pendingMigrations([one, two, three], applied(one)), [two, three]);
  assert.deepEqual(pendingMigrations([one, two], applied(one, two)), []);
});

test("applied files of a later release are accepted", () => {
  assert.deepEqual(pendingMigrations([one], applied(one, two)), []);
});

test("an applied file that was edited is refused", () => {
  assert.throws(
    () => pendingMigrations([migration("0001_a.sql", "other")], applied(one)),
    /edited/,
  );
});

test("a file that comes before an applied one is refused", () => {
  assert.throws(() => pendingMigrations([one, two, three], applied(one, three)), /0002_b/);
});

const inFolder = (files: readonly string[], work: (folder: URL) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), "frontrow-migrations-"));
  try {
    for (const file of files) writeFileSync(join(folder, file), `select '${file}'`);
    work(pathToFileURL(`${folder}/`));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("files are read in the order of their numbers, with a checksum of their content", () => {
  inFolder(["0002_b.sql", "0001_a.sql", "README.md"], (folder) => {
    const read = readMigrations(folder);
    assert.deepEqual(names(read), ["0001_a.sql", "0002_b.sql"]);
    assert.match(read[0]?.checksum ?? "", /^[0-9a-f]{64}$/);
    assert.notEqual(read[0]?.checksum, read[1]?.checksum);
  });
});

test("a file with another name pattern, and two files with one number, are refused", () => {
  inFolder(["1_a.sql"], (folder) => assert.throws(() => readMigrations(folder), /NNNN_name/));
  inFolder(["0001_a.sql", "0001_b.sql"], (folder) =>
    assert.throws(() => readMigrations(folder), /0001/),
  );
});

test("the repository's own files can be read", () => {
  assert.equal(names(readMigrations())[0], "0001_house.sql");
});
