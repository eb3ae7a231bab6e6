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

/** Everything the environment decides, checked and frozen. `.env.example` describes each field. */
export interface Config {
  readonly environment: "development" | "test" | "production";
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where clients reach this installation, without a slash at the end; null: where it listens. */
  readonly publicUrl: string | null;
  readonly databaseUrl: string;
  /** Null: the queue lives in this process's memory. */
  readonly redisUrl: string | null;
  readonly dataDir: string;
  /** Valid operator keys: several while one replaces another. */
  readonly operatorKeys: readonly string[];
  /** The first signs, all are accepted. */
  readonly tokenKeys: readonly TokenKey[];
  /** ISO 4217. */
  readonly currency: string;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** Whether users register here, with no proof of who they are. */
  readonly usersBuiltIn: boolean;
  /** The operator's identity provider; null: none. */
  readonly oidc: OidcConfig | null;
  readonly accessTokenDays: number;
  /** PostgreSQL connections of this process. */
  readonly pgConnections: number;
  /** Addresses of the proxies in front whose X-Forwarded-For is believed; none: nobody's. */
  readonly trustedProxies: readonly string[];
  /** Requests a second from one address; 0 sets no limit. */
  readonly rateLimitPerAddress: number;
  /** How long requests in flight may take to finish after a signal to end. */
  readonly drainSeconds: number;
  /** Whether a database without any concert gets a demo sale. */
  readonly demoSeed: boolean;
}

/** The environment does not make a configuration: `faults` are all of them, each says what to set. */
export class ConfigFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigFault";
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

/** With an identity provider, accounts that prove nothing are there only by choice. */
const readUsers = (reader: Reader): Pick<Config, "oidc" | "usersBuiltIn"> => {
  const oidc = readOidc(reader);
  return { oidc, usersBuiltIn: reader.optional("USERS_BUILT_IN", flag, oidc === null) };
};

const readAll = (reader: Reader): Config => ({
  environment: reader.optional(
    "NODE_ENV",
    oneOf("development", "test", "production"),
    "development",
  ),
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
  accessTokenDays: reader.optional("ACCESS_TOKEN_DAYS", whole(1, 365, "days"), 30),
  pgConnections: reader.optional("PG_CONNECTIONS", whole(2, 200), 20),
  trustedProxies: reader.optional("TRUST_PROXY", proxyAddresses, []),
  rateLimitPerAddress: reader.optional(
    "RATE_LIMIT_PER_ADDRESS",
    whole(0, 100_000, "requests a second"),
    0,
  ),
  drainSeconds: reader.optional("DRAIN_SECONDS", whole(0, 300, "seconds"), 20),
  demoSeed: reader.optional("DEMO_SEED", flag, false),
});

/**
 * The configuration that the environment spells. An empty variable counts as unset. Throws one
 * `ConfigFault` with every fault, none of which repeats a value, for it may be a secret.
 */
export const parseConfig = (environment: Environment): Config => {
  const reader = readerOf(environment);
  const config = readAll(reader);
  const faults = [...reader.faults];
  if (!config.usersBuiltIn && config.oidc === null && faults.length === 0) {
    faults.push("USERS_BUILT_IN=false needs OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL");
  }
  if (config.environment === "production") {
    if ((environment["USERS_BUILT_IN"] ?? "") === "") {
      faults.push(
        "USERS_BUILT_IN is not set: choose true (anybody makes accounts here, so one person can be many) or false (with OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL)",
      );
    }
    faults.push(...productionFaults(config));
  }
  faults.push(...publishedFaults(config));
  if (faults.length > 0) throw new ConfigFault(faults);
  return Object.freeze(config);
};
