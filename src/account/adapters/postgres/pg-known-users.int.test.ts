import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { toId, type UserId } from "#kernel/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, openPatiently, type FreshDatabase } from "#test/support/postgres.ts";
import type { NamePosition } from "../../ports/known-users.ts";
import { byNameText, pgKnownUsers } from "./pg-known-users.ts";

// Users are found by a beginning of their name, on PostgreSQL.

let fresh: FreshDatabase;
let database: Database;
before(async () => {
  fresh = await freshDatabase();
  database = openPatiently({ url: fresh.url });
});
after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

const idOf = (n: number): UserId =>
  toId<"user">(`0190a1b2-0000-7000-8000-${String(n).padStart(12, "0")}`);

const add = async (n: number, name: string | null): Promise<void> => {
  await database.query({
    text: "insert into app_user (user_id, name) values ($1, $2)",
    values: [idOf(n), name],
  });
};

test("names are found by their beginning, in any case, in pages that show each user once", async () => {
  const knownUsers = pgKnownUsers(database);
  const names = [
    "Kim Ha-neul",
    "kim",
    "KIMMY",
    "김하늘",
    "김하나",
    "100% Kim",
    "k_m",
    "Ükim",
    null,
  ];
  for (const [n, name] of names.entries()) await add(n, name);
  for (let n = 100; n < 130; n += 1) await add(n, "Same name");

  const find = async (beginning: string, limit = 100) => {
    const found: (string | null)[] = [];
    const ids: UserId[] = [];
    for (let position: NamePosition | null = null; ;) {
      const page = await knownUsers.byName(beginning, { limit, after: position });
      found.push(...page.map(({ name }) => name));
      ids.push(...page.map(({ userId }) => userId));
      const last = page.at(-1);
      if (last === undefined) break;
      position = { key: last.key, userId: last.userId };
    }
    assert.equal(new Set(ids).size, ids.length, "each user once");
    return found;
  };
  assert.deepEqual(await find("KIM"), ["kim", "Kim Ha-neul", "KIMMY"]);
  assert.deepEqual(await find("김하"), ["김하나", "김하늘"]);
  assert.deepEqual(await find("ha-neul"), [], "only a beginning");
  assert.deepEqual(await find("k_"), ["k_m"], "no character stands for others");
  assert.deepEqual(await find("100%"), ["100% Kim"]);
  assert.equal((await find("same", 7)).length, 30);
});

test("the newest users come first, and an erased user is found by id alone", async () => {
  const knownUsers = pgKnownUsers(database);
  await add(900, "Erased soon");
  await add(901, "Last");
  await database.query({
    text: "update app_user set name = null, erased_at = now() where user_id = $1",
    values: [idOf(900)],
  });
  const [last, erased, next] = await knownUsers.newest({ limit: 3, after: null });
  assert.deepEqual([last?.name, erased?.name, erased?.userId], ["Last", null, idOf(900)]);
  const [after900] = await knownUsers.newest({ limit: 1, after: idOf(900) });
  assert.equal(after900?.userId, next?.userId);
  const found = await knownUsers.find(idOf(900));
  assert.ok(found?.erasedAtMs !== null && found?.name === null);
  assert.deepEqual(await knownUsers.byName("erased", { limit: 9, after: null }), []);
  assert.equal(await knownUsers.find(idOf(999)), null);
});

test("a search by name reads its own part of the index, at the beginning, in the middle and without a match", async () => {
  await database.query({
    text: `insert into app_user (user_id, name)
      select gen_random_uuid(), (array['김', 'Kim ', 'Lee '])[1 + n % 3] || n from generate_series(1, 20000) n`,
  });
  await database.query({ text: "analyze app_user" });
  const pagesRead = async (text: string, beginning: string, key: string | null) => {
    const rows = await database.query<{ "QUERY PLAN": string }>({
      text: `explain (analyze, buffers, timing off) ${text}`,
      values: [beginning, key, idOf(0), 21],
    });
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    assert.match(plan, /Index Scan using app_user_by_name/);
    assert.doesNotMatch(plan, /Sort|Seq Scan/);
    const [, hit = "0", read = "0"] =
      /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan) ?? [];
    return Number(hit) + Number(read);
  };
  const fromTheFirst = byNameText.replace("coalesce($2, lower($1))", "coalesce($2, '')");
  assert.ok((await pagesRead(fromTheFirst, "no such name", null)) > 60, "the control reads more");
  for (const [beginning, key] of [
    ["김", null],
    ["김", "김10000"],
    ["no such name", null],
  ] as const)
    assert.ok((await pagesRead(byNameText, beginning, key)) < 60, beginning);
});
