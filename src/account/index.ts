import type { Clock } from "#kernel/instant.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import type { Route } from "#platform/http/route.ts";
import type { TokenSigner } from "#platform/token-signer.ts";
import type { Log } from "#platform/log.ts";
import { periodicJob } from "#platform/periodic.ts";
import type { Database } from "#platform/postgres/database.ts";
import { operatorKeys } from "./adapters/crypto/operator-keys.ts";
import { accountRoutes } from "./adapters/http/routes.ts";
import { ownAccountRoutes, sessionRoutes } from "./adapters/http/session-routes.ts";
import { joseIdentityProvider } from "./adapters/jose/identity-provider.ts";
import { pgRevocations } from "./adapters/postgres/pg-revocations.ts";
import { pgSessions } from "./adapters/postgres/pg-sessions.ts";
import { pgUsers } from "./adapters/postgres/pg-users.ts";
import { revocationList } from "./adapters/revocation-list.ts";
import { authenticate } from "./use-cases/authenticate.ts";
import { createUser, type CreateUser, type GrantedSession } from "./use-cases/create-user.ts";
import { eraseUser, type Holdings } from "./use-cases/erase-user.ts";
import { redeemCredential } from "./use-cases/redeem-credential.ts";

export interface AccountDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly tokens: TokenSigner;
  readonly log: Log;
  /** The balance and the tickets of a user, who is not erased while there are any. Throws Unavailable. */
  readonly holdings: (userId: UserId) => Promise<Holdings>;
  /** Valid operator keys. */
  readonly operatorKeys: readonly string[];
  /** Whether the API has `POST /users` and the calls for sessions. */
  readonly builtInUsers: boolean;
  /** The lifetime of the access token of a new user, in days. */
  readonly accessTokenDays: number;
  /** The operator's identity provider, or null. */
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
  readonly createUser: (command: CreateUser) => Promise<GrantedSession>;
  /** False for a user that is unknown or erased. Throws Unavailable. */
  readonly userExists: (userId: UserId) => Promise<boolean>;
  /** Every token of the user with a smaller epoch is revoked. At most a few seconds old. */
  readonly tokenEpochOf: (userId: UserId) => number;
  /**
   * Reads all revocations, then starts their periodic reading and the deletion of expired sessions. An
   * instance serves only after it, so that it accepts no revoked token. Throws Unavailable.
   */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A full cache takes about 20 MB. */
const identitiesMax = 100_000;

const revocationsEveryMs = 1_000;
const purgeEveryMs = 600_000;

/** Identifies callers: built-in users, users of an identity provider, and operators. */
export const accountFeature = (deps: AccountDeps): AccountFeature => {
  const users = pgUsers(deps.database);
  const sessions = pgSessions(deps.database, deps.mintId);
  const revoked = revocationList(pgRevocations(deps.database));
  const provider =
    deps.identityProvider && joseIdentityProvider({ ...deps.identityProvider, log: deps.log });
  const all = { ...deps, users, sessions, revoked, provider };
  const create = createUser(all);
  const builtInRoutes = [
    ...accountRoutes({ createUser: create }),
    ...sessionRoutes({
      redeemCredential: redeemCredential(all),
      offerHandover: sessions.offerHandover,
      renewRecoveryCode: sessions.renewRecoveryCode,
    }),
  ];
  const jobs = [
    periodicJob({
      everyMs: revocationsEveryMs,
      lateMs: 10_000,
      work: () => revoked.refresh(),
      onError: (error) => deps.log.warn({ err: error }, "the revoked tokens cannot be read"),
    }),
    periodicJob({
      everyMs: purgeEveryMs,
      lateMs: 60_000,
      work: () => sessions.purge(),
      onError: (error) => deps.log.warn({ err: error }, "expired sessions cannot be deleted"),
    }),
  ];
  return {
    routes: [
      ...(deps.builtInUsers ? builtInRoutes : []),
      ...ownAccountRoutes({
        findUser: users.find,
        signOutEverywhere: sessions.signOutEverywhere,
        eraseUser: eraseUser(all),
      }),
    ],
    authenticate: authenticate({ ...all, identitiesMax }),
    operator: operatorKeys(deps.operatorKeys),
    createUser: create,
    userExists: async (userId) => (await users.find(userId)) !== null,
    tokenEpochOf: revoked.epochOf,
    async start() {
      await revoked.refresh();
      for (const job of jobs) job.start();
    },
    close: async () => void (await Promise.all(jobs.map((job) => job.close()))),
  };
};
