/** The job of an operator. The operator key of each person names one. */
export const operatorRoles = ["admin", "sales", "door", "viewer"] as const;
export type OperatorRole = (typeof operatorRoles)[number];

/**
 * The permission that a route for operators needs.
 * - `own`: read or end what belongs to the key itself, such as its session
 * - `read`: read what the console shows
 * - `export`: download personal data and books
 * - `manage`: create and change concerts, seats and queues, and release reservations
 * - `check-in`: admit ticket holders at the door
 * - `administer`: refund, charge, cancel a concert, and restore access to an account
 */
export type OperatorPermission = "own" | "read" | "export" | "manage" | "check-in" | "administer";

const permissionsByRole: Readonly<Record<OperatorRole, readonly OperatorPermission[]>> = {
  admin: ["own", "read", "export", "manage", "check-in", "administer"],
  sales: ["own", "read", "export", "manage", "check-in"],
  door: ["own", "check-in"],
  viewer: ["own", "read"],
};

/** The permissions of a role. Source: part two of the HTTP contract, section 3. */
export const permissionsOf = (role: OperatorRole): readonly OperatorPermission[] =>
  permissionsByRole[role];

export const hasPermission = (role: OperatorRole, permission: OperatorPermission): boolean =>
  permissionsByRole[role].includes(permission);

/** The roles that have a permission, in the order of `operatorRoles`. */
export const rolesWith = (permission: OperatorPermission): readonly OperatorRole[] =>
  operatorRoles.filter((role) => hasPermission(role, permission));

/** An operator, as a valid key proves. */
export interface Operator {
  /** The name of the key, unique among the keys; the audit records it. */
  readonly name: string;
  readonly role: OperatorRole;
}

export interface OperatorKey extends Operator {
  readonly secret: string;
}
