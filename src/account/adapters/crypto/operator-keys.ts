import { timingSafeEqual } from "node:crypto";
import { hasPermission, type Operator, type OperatorKey } from "#kernel/operator.ts";
import { hashOf } from "#platform/link-codes.ts";

export interface OperatorKeys {
  /** The operator of an offered key; null for a wrong key. The duration does not depend on the offered key. */
  find(offered: string): Operator | null;
  /**
   * By the name of each operator who may read: 8 hexadecimal digits that change with the secrets of that
   * name and reveal nothing of them. A session of the console holds them, so that it ends with its key.
   */
  readonly sessionMarks: ReadonlyMap<string, string>;
}

const markOf = (secrets: readonly string[]): string =>
  hashOf(`session of ${JSON.stringify(secrets)}`)
    .toString("hex")
    .slice(0, 8);

/** Identifies operators. Several keys may have one name, so that a new key can replace an old one. */
export const operatorKeys = (keys: readonly OperatorKey[]): OperatorKeys => {
  const valid = keys.map(({ name, role, secret }) => ({
    hash: hashOf(secret),
    operator: Object.freeze({ name, role }),
  }));
  const readers = Map.groupBy(
    keys.filter(({ role }) => hasPermission(role, "read")),
    ({ name }) => name,
  );
  return {
    find(offered) {
      const seen = hashOf(offered);
      let found: Operator | null = null;
      for (const key of valid) if (timingSafeEqual(key.hash, seen)) found = key.operator;
      return found;
    },
    sessionMarks: new Map(
      [...readers].map(([name, own]) => [name, markOf(own.map(({ secret }) => secret))]),
    ),
  };
};
