import { hasPermission, type Operator, type OperatorPermission } from "#kernel/operator.ts";
import type { QueueClaims } from "#kernel/place.ts";
import { readBearer } from "./bearer.ts";
import type { ProblemCode } from "./problems.ts";
import type { Authenticators, Caller, Route, RouteAuth } from "./route.ts";

export type Authentication =
  | { readonly kind: "caller"; readonly caller: Caller }
  | { readonly kind: "refused"; readonly problem: ProblemCode };

const anonymous: Authentication = { kind: "caller", caller: { kind: "nobody" } };
const refused = (problem: ProblemCode): Authentication => ({ kind: "refused", problem });

/** The problem that answers a missing or invalid token, by the route's kind of token. */
const tokenProblems = {
  access: "ACCESS_TOKEN_INVALID",
  queue: "QUEUE_TOKEN_INVALID",
  "queue-active": "QUEUE_TOKEN_INVALID",
  "queue-or-access": "ACCESS_TOKEN_INVALID",
  operator: "OPERATOR_KEY_INVALID",
} as const satisfies Record<Exclude<RouteAuth, "none">, ProblemCode>;

const ofPlace = (claims: QueueClaims | null): Authentication =>
  claims === null
    ? refused(tokenProblems.queue)
    : { kind: "caller", caller: { kind: "place", userId: claims.userId, claims } };

const ofUser = (
  token: string,
  check: Authenticators["access"],
): Authentication | Promise<Authentication> => {
  const judge = (userId: Awaited<ReturnType<typeof check>>): Authentication =>
    userId === null
      ? refused(tokenProblems.access)
      : { kind: "caller", caller: { kind: "user", userId } };
  const found = check(token);
  return found instanceof Promise ? found.then(judge) : judge(found);
};

const ofOperator = (
  operator: Operator | null,
  permission: OperatorPermission | undefined,
): Authentication => {
  if (operator === null) return refused(tokenProblems.operator);
  const { name, role } = operator;
  return permission !== undefined && hasPermission(role, permission)
    ? { kind: "caller", caller: { kind: "operator", actor: name, role } }
    : refused("FORBIDDEN");
};

/**
 * Identifies the caller by the token's signature and kind, and by the revocations in memory. An operator
 * without the permission of the route is FORBIDDEN. Returns a promise only when the access token must be
 * looked up elsewhere; it rejects with Unavailable when that lookup fails.
 */
export const authenticate = (
  { auth, permission }: Pick<Route, "auth" | "permission">,
  header: string | undefined,
  by: Authenticators,
): Authentication | Promise<Authentication> => {
  if (auth === "none") return anonymous;
  const token = readBearer(header);
  if (token === null) return refused(tokenProblems[auth]);
  switch (auth) {
    case "access":
      return ofUser(token, by.access);
    case "operator":
      return ofOperator(by.operator(token), permission);
    case "queue":
    case "queue-active":
      return ofPlace(by.queue(token));
    case "queue-or-access": {
      const claims = by.queue(token);
      return claims === null ? ofUser(token, by.access) : ofPlace(claims);
    }
  }
};
