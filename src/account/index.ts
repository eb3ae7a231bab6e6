import type { Clock } from "#kernel/instant.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import type { Route } from "#platform/http/route.ts";
import type { TokenRing } from "#platform/jwt.ts";
import type { Log } from "#platform/log.ts";
import type { Database } from "#platform/postgres/database.ts";
import { operatorKeys } from "./adapters/crypto/operator-keys.ts";
import { accountRoutes } from "./adapters/http/routes.ts";
import { joseIdentityProvider } from "./adapters/jose/identity-provider.ts";
import { pgUsers } from "./adapters/postgres/pg-users.ts";
import { authenticate } from "./use-cases/authenticate.ts";
import { createUser, type CreatedUser, type CreateUser } from "./use-cases/create-user.ts";

export interface AccountDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly tokens: TokenRing;
  readonly log: Log;
  /** Valid operator keys. */
  readonly operatorKeys: readonly string[];
  /** Whether POST /users is there. */
  readonly builtInUsers: boolean;
  /** How long a built-in access token lasts, in days. */
  readonly accessTokenDays: number;
  /** The operator's own identity provider, or null. */
  readonly identityProvider: {
    readonly jwksUrl: string;
    readonly issuer: string;
    readonly audience: string;
  } | null;
}

export interface AccountFeature {
  readonly routes: readonly Route[];
  /** The user of an access token, or null. Throws Unavailable. */
  readonly authenticate: (token: string) => UserId | null | Promise<UserId | null>;
  /** The name under which an operator key is audited, or null for a wrong key. */
  readonly operator: (key: string) => string | null;
  readonly createUser: (command: CreateUser) => Promise<CreatedUser>;
}

/** About 20 MB when full. */
const identitiesMax = 100_000;

/** Who is calling: built-in users, an identity provider's users, operators. */
export const accountFeature = (deps: AccountDeps): AccountFeature => {
  const users = pgUsers(deps.database);
  const provider =
    deps.identityProvider && joseIdentityProvider({ ...deps.identityProvider, log: deps.log });
  const create = createUser({ ...deps, users });
  return {
    routes: deps.builtInUsers ? accountRoutes({ createUser: create }) : [],
    authenticate: authenticate({ ...deps, users, provider, identitiesMax }),
    operator: operatorKeys(deps.operatorKeys),
    createUser: create,
  };
};
