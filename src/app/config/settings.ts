import { readChallenge } from "./challenge.ts";
import {
  claimValues,
  databaseAddress,
  flag,
  matching,
  oneOf,
  proxyAddresses,
  publicAddress,
  redisAddress,
  scopes,
  text,
  webAddress,
  whole,
  type Reader,
} from "./readers.ts";
import { readOperatorKeys, ticketKeys, tokenKeys } from "./secrets.ts";

const readOidc = (reader: Reader) => {
  const given = {
    OIDC_ISSUER: reader.optional("OIDC_ISSUER", webAddress, ""),
    OIDC_AUDIENCE: reader.optional("OIDC_AUDIENCE", text, ""),
    OIDC_JWKS_URL: reader.optional("OIDC_JWKS_URL", webAddress, ""),
  };
  const requiredClaims = reader.optional("OIDC_REQUIRED_CLAIMS", claimValues, []);
  const clientId = reader.optional("OIDC_CLIENT_ID", text, null);
  const scope = reader.optional("OIDC_SCOPE", scopes, "openid");
  const missing = Object.entries(given).filter(([, value]) => value === "");
  const isUnused = requiredClaims.length === 0 && clientId === null;
  if (missing.length === 3 && isUnused) return null;
  for (const [name] of missing) {
    reader.faults.push(`${name} must be set when another OIDC_ variable is`);
  }
  return {
    issuer: given.OIDC_ISSUER,
    audience: given.OIDC_AUDIENCE,
    jwksUrl: given.OIDC_JWKS_URL,
    /** Claims that every access token must have, each with its value as text. */
    requiredClaims,
    /** The public client by which the fan's pages sign in; null: they do not. */
    client: clientId === null ? null : { clientId, scope },
  };
};

/** With an identity provider, accounts without a proof of identity must be chosen explicitly. */
const readUsers = (reader: Reader) => {
  /** The operator's identity provider; null: none. */
  const oidc = readOidc(reader);
  /** Whether a user can create an account here, without a proof of identity. */
  const usersBuiltIn = reader.optional("USERS_BUILT_IN", flag, oidc === null);
  return { oidc, usersBuiltIn };
};

/** Limits of one address; 0 sets none. */
const readLimits = (reader: Reader, isProduction: boolean) => {
  const aMinute = whole(0, 100_000, "a minute");
  return {
    rateLimitPerAddress: reader.optional(
      "RATE_LIMIT_PER_ADDRESS",
      whole(0, 100_000, "requests a second"),
      0,
    ),
    newUsersPerAddress: reader.optional("NEW_USERS_PER_ADDRESS", aMinute, isProduction ? 60 : 0),
    failedKeysPerAddress: reader.optional(
      "FAILED_KEYS_PER_ADDRESS",
      aMinute,
      isProduction ? 10 : 0,
    ),
  };
};

/** Reads every setting. A faulty one has its default here, and its fault is in `reader.faults`. */
export const readSettings = (reader: Reader) => {
  const environments = oneOf("development", "test", "production");
  const environment = reader.optional("NODE_ENV", environments, "development");
  const isProduction = environment === "production";
  const currencies = matching(/^[A-Z]{3}$/, "must be an ISO 4217 code of three capital letters");
  const logLevels = oneOf("debug", "info", "warn", "error", "silent");
  const usualCharges = isProduction ? "operator" : "open";
  return {
    environment,
    host: reader.optional("HOST", matching(/^[\w.:-]+$/, "must be an address"), "127.0.0.1"),
    /** 0 takes any free port. */
    port: reader.optional("PORT", whole(0, 65_535), 3000),
    /** The port of the listener for operators; null: `port` serves them too. */
    opsPort: reader.optional("OPS_PORT", whole(0, 65_535), null),
    /** The address that clients use, without a slash at the end; null: the address that it listens on. */
    publicUrl: reader.optional("PUBLIC_URL", publicAddress, null),
    databaseUrl: reader.required("DATABASE_URL", databaseAddress, ""),
    /** Null: the memory of this process keeps the queue. */
    redisUrl: reader.required("REDIS_URL", redisAddress, null),
    dataDir: reader.optional("DATA_DIR", text, ".data"),
    /** Every valid key; there are several while one replaces another. */
    operatorKeys: readOperatorKeys(reader),
    /** The first key signs new tokens; every key verifies. */
    tokenKeys: reader.required("TOKEN_KEYS", tokenKeys, []),
    /** The first key signs the codes of tickets; every key verifies and is published. */
    ticketKeys: reader.required("TICKET_KEYS", ticketKeys, []),
    currency: reader.optional("CURRENCY", currencies, "KRW"),
    logLevel: reader.optional("LOG_LEVEL", logLevels, "info"),
    ...readUsers(reader),
    /** `open`: users add to their own balance, with no proof of payment; `operator`: only the desk does. */
    charges: reader.optional("CHARGES", oneOf("open", "operator"), usualCharges),
    /** How long an order of the house's products alone is held; else the policy of the concert says. */
    houseHoldSeconds: reader.optional("HOUSE_HOLD_SECONDS", whole(1, 86_400, "seconds"), 300),
    challenge: readChallenge(reader),
    accessTokenDays: reader.optional("ACCESS_TOKEN_DAYS", whole(1, 365, "days"), 30),
    /** PostgreSQL connections of this process. */
    pgConnections: reader.optional("PG_CONNECTIONS", whole(2, 200), 20),
    /** The proxies whose X-Forwarded-For is believed, as addresses or CIDR ranges; empty: none. */
    trustedProxies: reader.optional("TRUST_PROXY", proxyAddresses, []),
    ...readLimits(reader, isProduction),
    /** The time for requests in flight after a signal to end. */
    drainSeconds: reader.optional("DRAIN_SECONDS", whole(0, 300, "seconds"), 20),
    /** How long an instance goes on serving after a signal to end, while `/readyz` answers 503. */
    drainDelaySeconds: reader.optional("DRAIN_DELAY_SECONDS", whole(0, 300, "seconds"), 0),
    /** How long an idle connection stays open. */
    keepAliveSeconds: reader.optional("KEEP_ALIVE_SECONDS", whole(1, 3600, "seconds"), 72),
    /** Whether hot routes are read and answered without `node:http`. */
    fastLane: reader.optional("FAST_LANE", flag, true),
    /** Whether a database without a concert gets the demo concert. */
    demoSeed: reader.optional("DEMO_SEED", flag, false),
  };
};

/** The settings of the environment. `.env.example` describes each variable. */
export type Config = Readonly<ReturnType<typeof readSettings>>;
