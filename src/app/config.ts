import { productionFaults, publishedFaults } from "./config/production.ts";
import {
  databaseAddress,
  flag,
  matching,
  oneOf,
  proxyAddresses,
  publicAddress,
  readerOf,
  redisAddress,
  text,
  webAddress,
  whole,
  type Environment,
  type Reader,
} from "./config/readers.ts";
import { operatorKeyList, tokenKeys, type TokenKey } from "./config/secrets.ts";

export interface OidcConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
}

/** The settings of the environment, checked and frozen. `.env.example` describes each variable. */
export interface Config {
  readonly environment: "development" | "test" | "production";
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The address that clients use, without a slash at the end; null: the address that it listens on. */
  readonly publicUrl: string | null;
  readonly databaseUrl: string;
  /** Null: the memory of this process keeps the queue. */
  readonly redisUrl: string | null;
  readonly dataDir: string;
  /** Every valid key; there are several while one replaces another. */
  readonly operatorKeys: readonly string[];
  /** The first key signs new tokens; every key verifies. */
  readonly tokenKeys: readonly TokenKey[];
  /** ISO 4217 code. */
  readonly currency: string;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** Whether a user can create an account here, without a proof of identity. */
  readonly usersBuiltIn: boolean;
  /** The operator's identity provider; null: none. */
  readonly oidc: OidcConfig | null;
  readonly accessTokenDays: number;
  /** `open`: users add to their own balance, with no proof of payment; `operator`: only the desk does. */
  readonly charges: "open" | "operator";
  /** PostgreSQL connections of this process. */
  readonly pgConnections: number;
  /** The proxies whose X-Forwarded-For is believed, as addresses or CIDR ranges; empty: none. */
  readonly trustedProxies: readonly string[];
  /** Requests a second from one address; 0 sets no limit. */
  readonly rateLimitPerAddress: number;
  /** Accounts a minute from one address; 0 sets no limit. */
  readonly newUsersPerAddress: number;
  /** Wrong operator keys a minute from one address; 0 sets no limit. */
  readonly failedKeysPerAddress: number;
  /** The time for requests in flight after a signal to end. */
  readonly drainSeconds: number;
  /** How long an instance goes on serving after a signal to end, while `/readyz` answers 503. */
  readonly drainDelaySeconds: number;
  /** How long an idle connection stays open. */
  readonly keepAliveSeconds: number;
  /** Whether a database without a concert gets the demo concert. */
  readonly demoSeed: boolean;
}

/** The environment is not a valid configuration. Each of `faults` names a variable and its valid values. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

const readOidc = (reader: Reader): OidcConfig | null => {
  const given = {
    OIDC_ISSUER: reader.optional("OIDC_ISSUER", webAddress, ""),
    OIDC_AUDIENCE: reader.optional("OIDC_AUDIENCE", text, ""),
    OIDC_JWKS_URL: reader.optional("OIDC_JWKS_URL", webAddress, ""),
  };
  const missing = Object.entries(given).filter(([, value]) => value === "");
  if (missing.length === 3) return null;
  for (const [name] of missing) {
    reader.faults.push(`${name} must be set when another OIDC_ variable is`);
  }
  return {
    issuer: given.OIDC_ISSUER,
    audience: given.OIDC_AUDIENCE,
    jwksUrl: given.OIDC_JWKS_URL,
  };
};

/** With an identity provider, accounts without a proof of identity must be chosen explicitly. */
const readUsers = (reader: Reader): Pick<Config, "oidc" | "usersBuiltIn"> => {
  const oidc = readOidc(reader);
  return { oidc, usersBuiltIn: reader.optional("USERS_BUILT_IN", flag, oidc === null) };
};

const readLimits = (
  reader: Reader,
  isProduction: boolean,
): Pick<Config, "rateLimitPerAddress" | "newUsersPerAddress" | "failedKeysPerAddress"> => {
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

const readEnvironment = (reader: Reader): Config["environment"] =>
  reader.optional("NODE_ENV", oneOf("development", "test", "production"), "development");

const readAll = (reader: Reader, environment: Config["environment"]): Config => ({
  environment,
  host: reader.optional("HOST", matching(/^[\w.:-]+$/, "must be an address"), "127.0.0.1"),
  port: reader.optional("PORT", whole(0, 65_535), 3000),
  publicUrl: reader.optional("PUBLIC_URL", publicAddress, null),
  databaseUrl: reader.required("DATABASE_URL", databaseAddress, ""),
  redisUrl: reader.required("REDIS_URL", redisAddress, null),
  dataDir: reader.optional("DATA_DIR", text, ".data"),
  operatorKeys: reader.required("OPERATOR_KEY", operatorKeyList, []),
  tokenKeys: reader.required("TOKEN_KEYS", tokenKeys, []),
  currency: reader.optional(
    "CURRENCY",
    matching(/^[A-Z]{3}$/, "must be an ISO 4217 code of three capital letters"),
    "KRW",
  ),
  logLevel: reader.optional("LOG_LEVEL", oneOf("debug", "info", "warn", "error", "silent"), "info"),
  ...readUsers(reader),
  charges: reader.optional(
    "CHARGES",
    oneOf("open", "operator"),
    environment === "production" ? "operator" : "open",
  ),
  accessTokenDays: reader.optional("ACCESS_TOKEN_DAYS", whole(1, 365, "days"), 30),
  pgConnections: reader.optional("PG_CONNECTIONS", whole(2, 200), 20),
  trustedProxies: reader.optional("TRUST_PROXY", proxyAddresses, []),
  ...readLimits(reader, environment === "production"),
  drainSeconds: reader.optional("DRAIN_SECONDS", whole(0, 300, "seconds"), 20),
  drainDelaySeconds: reader.optional("DRAIN_DELAY_SECONDS", whole(0, 300, "seconds"), 0),
  keepAliveSeconds: reader.optional("KEEP_ALIVE_SECONDS", whole(1, 3600, "seconds"), 72),
  demoSeed: reader.optional("DEMO_SEED", flag, false),
});

/**
 * Parses the configuration. An empty variable counts as unset.
 *
 * Throws a `ConfigError` with every fault. No fault repeats a value, because it may be a secret.
 */
export const parseConfig = (environment: Environment): Config => {
  const reader = readerOf(environment);
  const config = readAll(reader, readEnvironment(reader));
  const faults = [...reader.faults];
  if (!config.usersBuiltIn && config.oidc === null && faults.length === 0) {
    faults.push("USERS_BUILT_IN=false needs OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL");
  }
  if (config.environment === "production") {
    if ((environment["USERS_BUILT_IN"] ?? "") === "") {
      faults.push(
        "USERS_BUILT_IN is not set: choose true (any client can create accounts, so one person can have many) or false (with OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL)",
      );
    }
    faults.push(...productionFaults(config));
  }
  faults.push(...publishedFaults(config));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
};
