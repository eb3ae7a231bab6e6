import { createHash } from "node:crypto";

/** 128 bits of SHA-256 in base64url: 22 characters. */
export const planDigest = (text: string): string =>
  createHash("sha256").update(text).digest().subarray(0, 16).toString("base64url");
