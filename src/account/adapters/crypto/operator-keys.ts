import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();

/**
 * Finds the name of an operator key in the audit trail; null for a wrong key.
 *
 * All of `keys` are valid, so that a new key can replace an old one. The name is `operator:` and 8
 * hexadecimal digits of a digest. It distinguishes keys and reveals nothing of them. The duration does
 * not depend on the offered key.
 */
export const operatorKeys = (keys: readonly string[]): ((offered: string) => string | null) => {
  const valid = keys.map((key) => ({
    digest: digest(key),
    actor: `operator:${digest(`actor of ${key}`).toString("hex").slice(0, 8)}`,
  }));
  return (offered) => {
    const seen = digest(offered);
    let actor: string | null = null;
    for (const key of valid) if (timingSafeEqual(key.digest, seen)) actor = key.actor;
    return actor;
  };
};
