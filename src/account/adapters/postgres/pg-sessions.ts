import { timingSafeEqual } from "node:crypto";
import type { InstantMs } from "#kernel/instant.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import { hashOf, mintLinkCode } from "#platform/link-codes.ts";
import type { Database, Queryable } from "#platform/postgres/database.ts";
import {
  handoverMs,
  decideRefresh,
  sessionIdleMs,
  sessionsMax,
  type Session,
} from "../../domain/session.ts";
import type { OpenedSession, Sessions } from "../../ports/sessions.ts";
import {
  mintRecoveryCode,
  mintRefreshSecret,
  readRecoveryCode,
  readRefreshToken,
  refreshTokenOf,
  sealWith,
} from "../crypto/secret-codes.ts";

const purgeMax = 1_000;

const idle = `interval '${sessionIdleMs / 1000} seconds'`;

interface LockedSession extends Session {
  readonly userId: UserId;
  /** The secret that replaced the last one, sealed with it. */
  readonly successor: Buffer | null;
}

/** Locks the row of the session, then reads the clock. */
const lockSession = async (tx: Queryable, sessionId: string) => {
  const [locked] = await tx.query<LockedSession>({
    name: "account-lock-session",
    text: `select user_id as "userId", encode(token_hash, 'hex') as "tokenHash", successor,
        encode(previous_hash, 'hex') as "previousHash", rotated_at as "rotatedAtMs",
        expires_at as "expiresAtMs"
      from user_session where session_id = $1 for update`,
    values: [sessionId],
  });
  if (locked === undefined) return null;
  const [user] = await tx.query<{ tokenEpoch: number; nowMs: InstantMs }>({
    name: "account-epoch-of-user",
    text: `select token_epoch as "tokenEpoch", clock_timestamp() as "nowMs"
      from app_user where user_id = $1`,
    values: [locked.userId],
  });
  return user === undefined ? null : { ...locked, ...user };
};

const openSession = async (tx: Queryable, mintId: MintId, userId: UserId): Promise<string> => {
  const sessionId = mintId<"session">();
  const secret = mintRefreshSecret();
  await tx.query({
    name: "account-insert-session",
    text: `insert into user_session (session_id, user_id, token_hash, expires_at)
      values ($1, $2, $3, clock_timestamp() + ${idle})`,
    values: [sessionId, userId, hashOf(secret.toString("hex"))],
  });
  await tx.query({
    name: "account-end-oldest-sessions",
    text: `delete from user_session where session_id in (
        select session_id from user_session where user_id = $1
        order by created_at desc, session_id desc offset ${sessionsMax}
      )`,
    values: [userId],
  });
  return refreshTokenOf(sessionId, secret);
};

/** Deletes the rows of the user in these tables. */
export const deleteOfUser = async (
  tx: Queryable,
  userId: UserId,
  tables: readonly ("user_session" | "user_handover" | "user_identity")[],
): Promise<void> => {
  for (const table of tables) {
    const name = `account-delete-${table}`;
    await tx.query({ name, text: `delete from ${table} where user_id = $1`, values: [userId] });
  }
};

const endSessions = (tx: Queryable, userId: UserId): Promise<void> =>
  deleteOfUser(tx, userId, ["user_session", "user_handover"]);

/** Increments the token epoch of the user, which revokes earlier tokens. Returns the new epoch. */
const revoke = async (tx: Queryable, userId: UserId): Promise<number> => {
  const [row] = await tx.query<{ token_epoch: number }>({
    name: "account-revoke-tokens",
    text: `update app_user set token_epoch = token_epoch + 1, revoked_at = clock_timestamp()
      where user_id = $1 returning token_epoch`,
    values: [userId],
  });
  if (row === undefined) throw new Error("the user to sign out does not exist");
  return row.token_epoch;
};

const rotate = async (tx: Queryable, sessionId: string, secret: Buffer): Promise<string> => {
  const successor = mintRefreshSecret();
  await tx.query({
    name: "account-rotate-session",
    text: `update user_session set previous_hash = token_hash, token_hash = $2, successor = $3,
        rotated_at = clock_timestamp(), expires_at = clock_timestamp() + ${idle}
      where session_id = $1`,
    values: [sessionId, hashOf(successor.toString("hex")), sealWith(secret, successor)],
  });
  return refreshTokenOf(sessionId, successor);
};

const refresh = async (tx: Queryable, token: string): Promise<OpenedSession | null> => {
  const presented = readRefreshToken(token);
  if (presented === null) return null;
  const { sessionId, secret } = presented;
  const row = await lockSession(tx, sessionId);
  if (row === null) return null;
  const presentedHash = hashOf(secret.toString("hex")).toString("hex");
  const { userId, tokenEpoch, successor, nowMs } = row;
  const opened = { userId, tokenEpoch, recoveryCode: null };
  switch (decideRefresh(row, presentedHash, nowMs)) {
    case "rotate":
      await confirmRecovery(tx, userId, tokenEpoch);
      return { ...opened, refreshToken: await rotate(tx, sessionId, secret) };
    case "repeat": {
      if (successor === null) throw new Error("a rotated session has no successor");
      return { ...opened, refreshToken: refreshTokenOf(sessionId, sealWith(secret, successor)) };
    }
    case "expired":
    case "reused":
      await tx.query({
        name: "account-end-session",
        text: `delete from user_session where session_id = $1`,
        values: [sessionId],
      });
      return null;
  }
};

const confirmRecovery = async (
  queryable: Queryable,
  userId: UserId,
  tokenEpoch: number,
): Promise<void> => {
  await queryable.query({
    name: "account-confirm-recovery",
    text: `update app_user set recovery_hash = next_recovery_hash, next_recovery_hash = null
      where user_id = $1 and token_epoch = $2 and next_recovery_hash is not null`,
    values: [userId, tokenEpoch],
  });
};

const recover = async (
  tx: Queryable,
  mintId: MintId,
  typed: string,
): Promise<OpenedSession | null> => {
  const presented = hashOf(readRecoveryCode(typed));
  const [user] = await tx.query<{ user_id: UserId; next_recovery_hash: Buffer | null }>({
    name: "account-lock-recovered",
    text: `select user_id, next_recovery_hash from app_user
      where (recovery_hash = $1 or next_recovery_hash = $1) and erased_at is null for update`,
    values: [presented],
  });
  if (user === undefined) return null;
  const next = user.next_recovery_hash;
  const isNext = next !== null && timingSafeEqual(next, presented);
  const recoveryCode = mintRecoveryCode();
  // The use of the new code proves that the user has it, so it becomes the only valid one.
  await tx.query({
    name: "account-set-next-recovery",
    text: `update app_user set next_recovery_hash = $2,
        recovery_hash = case when $3 then next_recovery_hash else recovery_hash end
      where user_id = $1`,
    values: [user.user_id, hashOf(recoveryCode), isNext],
  });
  const tokenEpoch = await revoke(tx, user.user_id);
  await endSessions(tx, user.user_id);
  const refreshToken = await openSession(tx, mintId, user.user_id);
  return { userId: user.user_id, tokenEpoch, refreshToken, recoveryCode };
};

const takeHandover = async (
  tx: Queryable,
  mintId: MintId,
  code: string,
): Promise<OpenedSession | null> => {
  const [taken] = await tx.query<{ userId: UserId; tokenEpoch: number }>({
    name: "account-take-handover",
    text: `delete from user_handover using app_user
      where code_hash = $1 and user_handover.user_id = app_user.user_id
        and user_handover.expires_at > clock_timestamp()
        and user_handover.token_epoch = app_user.token_epoch and app_user.erased_at is null
      returning app_user.user_id as "userId", app_user.token_epoch as "tokenEpoch"`,
    values: [hashOf(code)],
  });
  if (taken === undefined) return null;
  const refreshToken = await openSession(tx, mintId, taken.userId);
  return { ...taken, refreshToken, recoveryCode: null };
};

const purge = async (database: Database): Promise<"more" | "done"> => {
  await database.query({
    name: "account-purge-handovers",
    text: `delete from user_handover where expires_at < clock_timestamp()`,
  });
  const purged = await database.query({
    name: "account-purge-sessions",
    text: `delete from user_session where session_id in (
        select session_id from user_session where expires_at < clock_timestamp()
        order by expires_at limit ${purgeMax} for update skip locked
      ) returning session_id`,
  });
  return purged.length === purgeMax ? "more" : "done";
};

/** Sessions in PostgreSQL. */
export const pgSessions = (database: Database, mintId: MintId): Sessions => ({
  async create(userId, name) {
    const recoveryCode = mintRecoveryCode();
    const sessionId = mintId<"session">();
    const secret = mintRefreshSecret();
    // One statement, so that each new user costs one round trip.
    await database.query({
      name: "account-add-user",
      text: `with added as (
          insert into app_user (user_id, name, recovery_hash) values ($1, $2, $3)
        )
        insert into user_session (session_id, user_id, token_hash, expires_at)
        values ($4, $1, $5, clock_timestamp() + ${idle})`,
      values: [userId, name, hashOf(recoveryCode), sessionId, hashOf(secret.toString("hex"))],
    });
    return { userId, tokenEpoch: 0, refreshToken: refreshTokenOf(sessionId, secret), recoveryCode };
  },

  refresh: (token) => database.transaction((tx) => refresh(tx, token)),

  recover: (code) => database.transaction((tx) => recover(tx, mintId, code)),

  confirmRecovery: (userId, tokenEpoch) => confirmRecovery(database, userId, tokenEpoch),

  async renewRecoveryCode(actor, userId) {
    const recoveryCode = mintRecoveryCode();
    const rows = await database.query({
      name: "account-renew-recovery",
      text: `with renewed as (
          update app_user set recovery_hash = $2, next_recovery_hash = null
          where user_id = $1 and erased_at is null
            and not exists (select from user_identity where user_identity.user_id = app_user.user_id)
          returning user_id
        )
        insert into audit (actor, action, after)
        select $3, 'renew-recovery-code', jsonb_build_object('userId', user_id) from renewed
        returning audit_id`,
      values: [userId, hashOf(recoveryCode), actor],
    });
    return rows.length === 0 ? null : recoveryCode;
  },

  async offerHandover(userId) {
    const code = mintLinkCode();
    const [row] = await database.query<{ expires_at: InstantMs }>({
      name: "account-offer-handover",
      text: `insert into user_handover (user_id, code_hash, token_epoch, expires_at)
        select user_id, $2, token_epoch, clock_timestamp() + interval '${handoverMs / 1000} seconds'
        from app_user where user_id = $1 and erased_at is null
        on conflict (user_id) do update set code_hash = excluded.code_hash,
          token_epoch = excluded.token_epoch, expires_at = excluded.expires_at
        returning expires_at`,
      values: [userId, hashOf(code)],
    });
    if (row === undefined) throw new Error("a handover was asked for an unknown user");
    return { code, expiresAtMs: row.expires_at };
  },

  takeHandover: (code) => database.transaction((tx) => takeHandover(tx, mintId, code)),

  signOutEverywhere: (userId) =>
    database.transaction(async (tx) => {
      await revoke(tx, userId);
      await endSessions(tx, userId);
    }),

  purge: () => purge(database),
});
