import type { ChallengeGate } from "#kernel/challenge.ts";
import type { Clock } from "#kernel/instant.ts";
import type { MintId, UserId } from "#kernel/ids.ts";
import type { Operator, OperatorKey } from "#kernel/operator.ts";
import type { Route } from "#platform/http/route.ts";
import type { UserPart } from "#platform/http/user-parts.ts";
import type { TokenSigner } from "#platform/token-signer.ts";
import type { Log } from "#platform/log.ts";
import { periodicJob } from "#platform/periodic.ts";
import type { Database } from "#platform/postgres/database.ts";
import { whenAvailable } from "#platform/when-available.ts";
import type { RedisStore } from "#platform/redis/store.ts";
import { powChallenges } from "./adapters/altcha/pow-challenges.ts";
import { operatorKeys } from "./adapters/crypto/operator-keys.ts";
import { hookChallenges } from "./adapters/hook/hook-challenges.ts";
import { challengeRoute } from "./adapters/http/challenge-route.ts";
import { consoleSessionRoutes } from "./adapters/http/console-session-routes.ts";
import { findRoutes } from "./adapters/http/find-routes.ts";
import { operatorRoute } from "./adapters/http/operator-route.ts";
import { accountRoutes } from "./adapters/http/routes.ts";
import { ownAccountRoutes, sessionRoutes } from "./adapters/http/session-routes.ts";
import { joseIdentityProvider } from "./adapters/jose/identity-provider.ts";
import { memorySpentChallenges } from "./adapters/memory/memory-spent-challenges.ts";
import { pgRevocations } from "./adapters/postgres/pg-revocations.ts";
import { pgSessions } from "./adapters/postgres/pg-sessions.ts";
import { pgKnownUsers } from "./adapters/postgres/pg-known-users.ts";
import { pgUsers } from "./adapters/postgres/pg-users.ts";
import { redisSpentChallenges } from "./adapters/redis/redis-spent-challenges.ts";
import { revocationList } from "./adapters/revocation-list.ts";
import type { RequiredClaim } from "./domain/foreign-token.ts";
import { consoleClaims, consolePurpose, isSessionOpen } from "./domain/console-session.ts";
import type { Challenges } from "./ports/challenges.ts";
import { authenticate } from "./use-cases/authenticate.ts";
import { createUser, type CreateUser, type CreateUserOutcome } from "./use-cases/create-user.ts";
import { eraseUser, type Holdings } from "./use-cases/erase-user.ts";
import { findUsers } from "./use-cases/find-users.ts";
import { redeemCredential } from "./use-cases/redeem-credential.ts";

/** The challenge before a new account and a new place. */
export type ChallengeTerms =
  | { readonly kind: "off" }
  | {
      readonly kind: "pow";
      readonly cost: number;
      /** The first secret signs, every secret verifies. */
      readonly secrets: readonly Uint8Array[];
      /** Keeps which challenges are spent; null: the memory of this process does. */
      readonly redis: RedisStore | null;
    }
  | { readonly kind: "hook"; readonly url: string };

export interface AccountDeps {
  readonly database: Database;
  /** Connections of the operators' own: no crowd of users makes their calls wait. */
  readonly operatorDatabase: Database;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly tokens: TokenSigner;
  readonly log: Log;
  /** The balance and the tickets of a user, who is not erased while there are any. Throws Unavailable. */
  readonly holdings: (userId: UserId) => Promise<Holdings>;
  /** Valid operator keys. */
  readonly operatorKeys: readonly OperatorKey[];
  /** Whether browsers reach the installation by HTTPS; the console's cookie is then sent by HTTPS only. */
  readonly isSecure: boolean;
  /** Whether the API has `POST /users` and the calls for sessions. */
  readonly builtInUsers: boolean;
  /** The lifetime of the access token of a new user, in days. */
  readonly accessTokenDays: number;
  readonly challenge: ChallengeTerms;
  /** The operator's identity provider, or null. */
  readonly identityProvider: {
    readonly jwksUrl: string;
    readonly issuer: string;
    readonly audience: string;
    /** Every access token of the provider must have these claims. */
    readonly requiredClaims: readonly RequiredClaim[];
  } | null;
}

export interface AccountFeature {
  readonly routes: readonly Route[];
  /** The routes with which operators find users. `parts`: the parts of a record, of the other features. */
  readonly findRoutes: (parts: readonly UserPart[]) => readonly Route[];
  /** The user of an access token, or null. Throws Unavailable. */
  readonly authenticate: (token: string) => UserId | null | Promise<UserId | null>;
  /** The operator whose key it is, or null for a wrong key. */
  readonly operator: (key: string) => Operator | null;
  /** Whether an operator who may read has opened this session of the console. */
  readonly consoleSession: (token: string) => boolean;
  readonly createUser: (command: CreateUser) => Promise<CreateUserOutcome>;
  /** Null: no challenge stands before an account or a place. */
  readonly challenges: ChallengeGate | null;
  /** False for a user that is unknown or erased. Throws Unavailable. */
  readonly userExists: (userId: UserId) => Promise<boolean>;
  /** Every token of the user with a smaller epoch is revoked. At most a few seconds old. */
  readonly tokenEpochOf: (userId: UserId) => number;
  /**
   * Reads all revocations, then starts their periodic reading and the deletion of expired sessions. An
   * instance serves only after it, so that it accepts no revoked token. Throws Unavailable when the database is away for 30 s.
   */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A full cache takes about 20 MB. */
const identitiesMax = 100_000;

/** Many instances that start on one busy database must not all end. */
const startWithinMs = 30_000;

const revocationsEveryMs = 1_000;
const purgeEveryMs = 600_000;

const challengesOf = (terms: ChallengeTerms, clock: Clock): Challenges | null => {
  switch (terms.kind) {
    case "off":
      return null;
    case "pow": {
      const { redis } = terms;
      const spent =
        redis === null ? memorySpentChallenges(clock) : redisSpentChallenges(redis, clock);
      return powChallenges({ ...terms, spent, clock });
    }
    case "hook":
      return hookChallenges(terms);
  }
};

/** Identifies callers: built-in users, users of an identity provider, and operators. */
export const accountFeature = (deps: AccountDeps): AccountFeature => {
  const users = pgUsers(deps.database);
  const knownUsers = pgKnownUsers(deps.operatorDatabase);
  const sessions = pgSessions(deps.database, deps.mintId);
  const revoked = revocationList(pgRevocations(deps.database));
  const provider =
    deps.identityProvider && joseIdentityProvider({ ...deps.identityProvider, log: deps.log });
  const challenges = challengesOf(deps.challenge, deps.clock);
  const operators = operatorKeys(deps.operatorKeys);
  const all = { ...deps, users, sessions, revoked, provider, challenges };
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
      challengeRoute(challenges),
      operatorRoute,
      ...ownAccountRoutes({
        findUser: users.find,
        signOutEverywhere: sessions.signOutEverywhere,
        eraseUser: eraseUser(all),
      }),
      ...consoleSessionRoutes({
        openSession: (name) => {
          const mark = operators.sessionMarks.get(name) ?? "";
          return deps.tokens.sign(consolePurpose, consoleClaims(name, mark, deps.clock.nowMs()));
        },
        isSecure: deps.isSecure,
      }),
    ],
    findRoutes: (parts) =>
      findRoutes({ findUsers: findUsers({ knownUsers }), findUser: knownUsers.find }, parts),
    authenticate: authenticate({ ...all, noteEpoch: revoked.noteEpoch, identitiesMax }),
    operator: operators.find,
    consoleSession(token) {
      const claims = deps.tokens.verify(consolePurpose, token);
      return claims !== null && isSessionOpen(claims, deps.clock.nowMs(), operators.sessionMarks);
    },
    createUser: create,
    challenges,
    userExists: async (userId) => (await users.find(userId)) !== null,
    tokenEpochOf: revoked.epochOf,
    async start() {
      await whenAvailable(() => revoked.refresh(), startWithinMs);
      for (const job of jobs) job.start();
    },
    close: async () => void (await Promise.all(jobs.map((job) => job.close()))),
  };
};
