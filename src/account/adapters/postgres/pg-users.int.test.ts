import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import { mintId } from "#platform/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";
import { pgUsers } from "./pg-users.ts";

let fresh: FreshDatabase;
let database: Database;

before(async () => {
  fresh = await freshDatabase();
  database = openPatiently({ url: fresh.url, connectionsMax: 10 });
});

after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

const userCount = async (): Promise<number> => {
  const [row] = await database.query<{ n: number }>({ text: `select count(*) as n from app_user` });
  return row?.n ?? Number.NaN;
};

test("a user is read with name and creation time until erased", async () => {
  const users = pgUsers(database);
  const userId: UserId = await users.ofIdentity(
    { issuer: "https://e.test", subject: "e" },
    mintId(),
  );
  await database.query({
    text: `update app_user set name = '김하늘' where user_id = $1`,
    values: [userId],
  });
  const found = await users.find(userId);
  assert.equal(found?.name, "김하늘");
  assert.ok(Math.abs((found?.createdAtMs ?? 0) - Date.now()) < 600_000);
  assert.equal(await users.find(mintId()), null);
  await users.erase(userId);
  await users.erase(userId);
  assert.equal(await users.find(userId), null);
  const [row] = await database.query<{ name: string | null; revoked: boolean }>({
    text: `select name, revoked_at is not null as revoked from app_user where user_id = $1`,
    values: [userId],
  });
  assert.deepEqual(row, { name: null, revoked: true });
  const other: UserId = mintId();
  assert.equal(await users.ofIdentity({ issuer: "https://e.test", subject: "e" }, other), other);
});

test("an identity keeps its first user", async () => {
  const users = pgUsers(database);
  const kim = { issuer: "https://idp.test", subject: "kim" };
  const first: UserId = mintId();
  assert.equal(await users.ofIdentity(kim, first), first);
  assert.equal(await users.ofIdentity(kim, mintId()), first);
});

test("the same subject at another issuer is another user", async () => {
  const users = pgUsers(database);
  const [one, other]: UserId[] = [mintId(), mintId()];
  assert.ok(one && other);
  assert.equal(await users.ofIdentity({ issuer: "https://a.test", subject: "lee" }, one), one);
  assert.equal(await users.ofIdentity({ issuer: "https://b.test", subject: "lee" }, other), other);
});

test("concurrent calls for a new identity create exactly one user", async () => {
  const users = pgUsers(database);
  const before = await userCount();
  const park = { issuer: "https://idp.test", subject: "park" };
  const seen = await Promise.all(
    Array.from({ length: 20 }, () => users.ofIdentity(park, mintId())),
  );
  assert.equal(new Set(seen).size, 1);
  assert.equal(await userCount(), before + 1);
});

test("control: concurrent calls that first read and then insert leave unused users behind", async () => {
  const before = await userCount();
  const candidates = Array.from({ length: 5 }, (): UserId => mintId());
  const naive = async (candidate: UserId) => {
    await database.query({
      text: `insert into app_user (user_id) values ($1)`,
      values: [candidate],
    });
    await database.query({
      text: `insert into user_identity (issuer, subject, user_id) values ('n', 'n', $1)
        on conflict do nothing`,
      values: [candidate],
    });
  };
  await Promise.all(candidates.map(naive));
  assert.equal(await userCount(), before + 5);
});
