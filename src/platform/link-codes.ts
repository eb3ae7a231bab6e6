import { createHash, randomBytes } from "node:crypto";

/** SHA-256. A secret of at least 128 random bits needs no slow hash. */
export const hashOf = (secret: string): Buffer =>
  createHash("sha256").update(secret, "utf8").digest();

/** A code for a link: 24 random bytes as base64url. */
export const mintLinkCode = (): string => randomBytes(24).toString("base64url");
