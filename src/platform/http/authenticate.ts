import type { QueueClaims } from "#kernel/place.ts";
import { readBearer } from "./bearer.ts";
import type { ProblemCode } from "./problems.ts";
import type { Authenticators, Caller, RouteAuth } from "./route.ts";

export type Authentication =
  | { readonly kind: "caller"; readonly caller: Caller }
  | { readonly kind: "refused"; readonly problem: ProblemCode };

const nobody: Authentication = { kind: "caller", caller: { kind: "nobody" } };
const refused = (problem: ProblemCode): Authentication => ({ kind: "refused", problem });

const ofPlace = (claims: QueueClaims | null): Authentication =>
  claims === null
    ? refused("QUEUE_TOKEN_INVALID")
    : { kind: "caller", caller: { kind: "place", userId: claims.userId, claims } };

const ofUser = (
  token: string,
  check: Authenticators["access"],
): Authentication | Promise<Authentication> => {
  const judge = (userId: Awaited<ReturnType<typeof check>>): Authentication =>
    userId === null
      ? refused("ACCESS_TOKEN_INVALID")
      : { kind: "caller", caller: { kind: "user", userId } };
  const found = check(token);
  return found instanceof Promise ? found.then(judge) : judge(found);
};

const ofOperator = (actor: string | null): Authentication =>
  actor === null
    ? refused("OPERATOR_KEY_INVALID")
    : { kind: "caller", caller: { kind: "operator", actor } };

/**
 * Who calls, by signature and kind of the token alone. A promise only when the access token must be
 * looked up elsewhere. May reject with Unavailable.
 */
export const authenticate = (
  auth: RouteAuth,
  header: string | undefined,
  by: Authenticators,
): Authentication | Promise<Authentication> => {
  if (auth === "none") return nobody;
  // An empty token is never good, so that each kind of route answers with its own code.
  const token = readBearer(header) ?? "";
  switch (auth) {
    case "access":
      return token === "" ? refused("ACCESS_TOKEN_INVALID") : ofUser(token, by.access);
    case "operator":
      return ofOperator(token === "" ? null : by.operator(token));
    case "queue":
    case "queue-active":
      return ofPlace(token === "" ? null : by.queue(token));
    case "queue-or-access": {
      if (token === "") return refused("ACCESS_TOKEN_INVALID");
      const claims = by.queue(token);
      return claims === null ? ofUser(token, by.access) : ofPlace(claims);
    }
  }
};
