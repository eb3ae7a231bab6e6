import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { UserId } from "#kernel/ids.ts";
import { mintId } from "#platform/ids.ts";
import type { Database } from "#platform/postgres/database.ts";
import { freshDatabase, type FreshDatabase, openPatiently } from "#test/support/postgres.ts";
import { sessionsMax } from "../../domain/session.ts";
import type { OpenedSession, Sessions } from "../../ports/sessions.ts";
import { pgRevocations } from "./pg-revocations.ts";
import { pgSessions } from "./pg-sessions.ts";

let fresh: FreshDatabase;
let database: Database;
let sessions: Sessions;

before(async () => {
  fresh = await freshDatabase();
  database = openPatiently({ url: fresh.url, connectionsMax: 10 });
  sessions = pgSessions(database, mintId);
});

after(async () => {
  await database.close();
  await fresh[Symbol.asyncDispose]();
});

const made = async (): Promise<OpenedSession & { recoveryCode: string }> => {
  const opened = await sessions.create(mintId(), "Kim");
  assert.ok(opened.recoveryCode);
  return { ...opened, recoveryCode: opened.recoveryCode };
};

const refreshed = async (token: string): Promise<OpenedSession> => {
  const opened = await sessions.refresh(token);
  assert.ok(opened, "the refresh token was refused");
  return opened;
};

/** Moves the times of the user's sessions back, as if so many seconds had passed. */
const age = (userId: UserId, seconds: number) =>
  database.query({
    text: `update user_session set rotated_at = rotated_at - $2 * interval '1 second',
        expires_at = expires_at - $2 * interval '1 second' where user_id = $1`,
    values: [userId, seconds],
  });

test("the database stores only the hashes of codes and tokens", async () => {
  const { refreshToken, recoveryCode, userId } = await made();
  const { code } = await sessions.offerHandover(userId);
  const rows = await database.query<{ text: string }>({
    text: `select row_to_json(u)::text || coalesce(row_to_json(s)::text, '') || coalesce(row_to_json(h)::text, '') as text
      from app_user u join user_session s using (user_id) join user_handover h using (user_id)
      where user_id = $1`,
    values: [userId],
  });
  const secret = Buffer.from(refreshToken, "base64url").subarray(16);
  for (const secretText of [refreshToken, recoveryCode, code, secret.toString("hex")])
    assert.ok(!rows[0]?.text.includes(secretText));
});

test("each refresh token has one successor, and a repeated call within 30 s returns it again", async () => {
  const { refreshToken, userId } = await made();
  const [first, again] = await Promise.all([refreshed(refreshToken), refreshed(refreshToken)]);
  assert.equal(first.refreshToken, again.refreshToken);
  assert.equal(first.userId, userId);
  assert.notEqual(first.refreshToken, refreshToken);
  await age(userId, 29);
  assert.equal((await refreshed(refreshToken)).refreshToken, first.refreshToken);
  assert.notEqual((await refreshed(first.refreshToken)).refreshToken, first.refreshToken);
});

test("a refresh token that is reused after 30 s ends its session only", async () => {
  const { refreshToken, userId } = await made();
  const { code } = await sessions.offerHandover(userId);
  const other = await sessions.takeHandover(code);
  assert.ok(other);
  const successor = await refreshed(refreshToken);
  await age(userId, 31);
  assert.equal(await sessions.refresh(refreshToken), null);
  assert.equal(await sessions.refresh(successor.refreshToken), null, "the family has ended");
  await refreshed(other.refreshToken);
});

test("a refresh token from before the last one ends the session", async () => {
  const { refreshToken } = await made();
  const second = await refreshed(refreshToken);
  const third = await refreshed(second.refreshToken);
  assert.equal(await sessions.refresh(refreshToken), null);
  assert.equal(await sessions.refresh(third.refreshToken), null);
});

test("forged refresh tokens are refused, and a session that is not renewed ends", async () => {
  const { refreshToken, userId } = await made();
  for (const odd of ["", "x", "A".repeat(64), refreshToken.slice(1)])
    assert.equal(await sessions.refresh(odd), null, odd);
  await age(userId, 90 * 86_400);
  assert.equal(await sessions.refresh(refreshToken), null);
});

test("a recovery ends the other sessions, and the old code works until the new session is used", async () => {
  const { refreshToken, recoveryCode, userId } = await made();
  const lost = await sessions.recover(recoveryCode.toLowerCase().replaceAll("-", " "));
  const kept = await sessions.recover(recoveryCode);
  assert.ok(lost?.recoveryCode && kept?.recoveryCode);
  assert.equal(kept.userId, userId);
  assert.equal(kept.tokenEpoch, 2);
  assert.equal(await sessions.refresh(refreshToken), null);
  assert.equal(await sessions.refresh(lost.refreshToken), null);
  await sessions.confirmRecovery(userId, lost.tokenEpoch);
  assert.ok(await sessions.recover(recoveryCode), "a session that was ended confirms nothing");
});

test("the first use of a recovered session ends the old code and every code but the newest", async () => {
  for (const use of ["access", "refresh"] as const) {
    const { recoveryCode, userId } = await made();
    const session = await sessions.recover(recoveryCode);
    assert.ok(session?.recoveryCode);
    if (use === "refresh") await refreshed(session.refreshToken);
    else await sessions.confirmRecovery(userId, session.tokenEpoch);
    assert.equal(await sessions.recover(recoveryCode), null, use);
    assert.ok(await sessions.recover(session.recoveryCode), use);
  }
});

test("the new recovery code works before its session is used, and ends the old one", async () => {
  const { recoveryCode } = await made();
  const session = await sessions.recover(recoveryCode);
  assert.ok(session?.recoveryCode);
  assert.ok(await sessions.recover(session.recoveryCode));
  assert.equal(await sessions.recover(recoveryCode), null);
});

test("an operator's code replaces the code of a built-in user, with an audit entry", async () => {
  const { recoveryCode, userId } = await made();
  const renewed = await sessions.renewRecoveryCode("operator:test", userId);
  assert.ok(renewed);
  assert.equal(await sessions.recover(recoveryCode), null);
  assert.ok(await sessions.recover(renewed));
  const entries = await database.query({
    text: `select actor, action from audit where after ->> 'userId' = $1`,
    values: [userId],
  });
  assert.deepEqual(entries, [{ actor: "operator:test", action: "renew-recovery-code" }]);
  assert.equal(await sessions.renewRecoveryCode("operator:test", mintId()), null);
});

test("a handover code opens one session, once, for 5 minutes, and a newer one replaces it", async () => {
  const { userId } = await made();
  const older = await sessions.offerHandover(userId);
  const { code, expiresAtMs } = await sessions.offerHandover(userId);
  assert.ok(Math.abs(expiresAtMs - Date.now() - 300_000) < 60_000);
  assert.equal(await sessions.takeHandover(older.code), null);
  const taken = await Promise.all(Array.from({ length: 5 }, () => sessions.takeHandover(code)));
  assert.equal(taken.filter((one) => one !== null).length, 1);
  const late = await sessions.offerHandover(userId);
  await database.query({
    text: `update user_handover set expires_at = clock_timestamp() where user_id = $1`,
    values: [userId],
  });
  assert.equal(await sessions.takeHandover(late.code), null);
});

test("signing out everywhere ends sessions and handover codes, and every instance reads the revocation", async () => {
  const { refreshToken, userId } = await made();
  const { code } = await sessions.offerHandover(userId);
  const { nowMs } = await pgRevocations(database).since(Date.now());
  await sessions.signOutEverywhere(userId);
  assert.equal(await sessions.refresh(refreshToken), null);
  assert.equal(await sessions.takeHandover(code), null);
  const { revoked } = await pgRevocations(database).since(nowMs - 60_000);
  const own = revoked.filter((one) => one.userId === userId);
  assert.equal(own.length, 1);
  assert.deepEqual([own[0]?.tokenEpoch, own[0]?.isErased], [1, false]);
});

test("a user has a bounded number of sessions, and a new one ends the oldest", async () => {
  const { refreshToken, userId } = await made();
  const tokens: string[] = [];
  for (let n = 0; n < sessionsMax; n += 1) {
    const { code } = await sessions.offerHandover(userId);
    tokens.push((await sessions.takeHandover(code))?.refreshToken ?? "");
  }
  assert.equal(await sessions.refresh(refreshToken), null, "the oldest session has ended");
  await refreshed(tokens.at(-1) ?? "");
  await refreshed(tokens[0] ?? "");
});

test("expired sessions and handover codes are deleted, and others stay", async () => {
  const [expired, valid] = [await made(), await made()];
  await sessions.offerHandover(expired.userId);
  await sessions.offerHandover(valid.userId);
  await age(expired.userId, 365 * 86_400);
  await database.query({
    text: `update user_handover set expires_at = clock_timestamp() - interval '1 second' where user_id = $1`,
    values: [expired.userId],
  });
  assert.equal(await sessions.purge(), "done");
  const kept = (table: string) =>
    database.query<{ user_id: UserId }>({
      text: `select user_id from ${table} where user_id = any($1)`,
      values: [[expired.userId, valid.userId]],
    });
  assert.deepEqual(await kept("user_session"), [{ user_id: valid.userId }]);
  assert.deepEqual(await kept("user_handover"), [{ user_id: valid.userId }]);
});
