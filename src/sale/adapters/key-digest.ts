import { createHash } from "node:crypto";
import type { UserId } from "#kernel/ids.ts";

/** SHA-256 of a user id and an idempotency key. A user id has 36 characters, so no two pairs look alike. */
const keyDigest = (userId: UserId, key: string): Buffer =>
  createHash("sha256").update(`${userId}/${key}`).digest();

/** The first 128 bits of the digest in base64url: names the key to Redis without its text. */
export const keyTagOf = (userId: UserId, key: string): string =>
  keyDigest(userId, key).subarray(0, 16).toString("base64url");

/** The first 64 bits of the digest as a signed integer: the advisory lock of the key. */
export const keyLockOf = (userId: UserId, key: string): string =>
  keyDigest(userId, key).readBigInt64BE(0).toString();
