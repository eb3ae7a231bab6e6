import { isIP } from "node:net";

/** The environment's variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface TokenKey {
  readonly id: string;
  /** 32 bytes or more. */
  readonly secret: Uint8Array;
}

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
  readonly operatorKey: string;
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

/** The operator key of `npm start` without one of its own; production refuses it. */
export const demoOperatorKey = "demo-operator-key-for-this-machine-only";

/** The environment does not make a configuration: `faults` are all of them, each says what to set. */
export class ConfigFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigFault";
    this.faults = faults;
  }
}

/** What a text means, or why it means nothing: "must be …". Messages never hold the text itself. */
type Reading<T> = { readonly value: T } | { readonly must: string };
type Read<T> = (text: string) => Reading<T>;

const whole =
  (min: number, max: number, unit = ""): Read<number> =>
  (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max
      ? { value }
      : { must: `must be a whole number${unit && ` of ${unit}`} from ${min} to ${max}` };
  };

const oneOf =
  <T extends string>(...values: readonly T[]): Read<T> =>
  (text) => {
    const value = values.find((candidate) => candidate === text);
    return value === undefined ? { must: `must be one of ${values.join(", ")}` } : { value };
  };

const flag: Read<boolean> = (text) =>
  text === "true" || text === "false"
    ? { value: text === "true" }
    : { must: "must be true or false" };

const matching =
  (pattern: RegExp, must: string): Read<string> =>
  (text) =>
    pattern.test(text) ? { value: text } : { must };

const address =
  (protocols: readonly string[], must: string): Read<string> =>
  (text) =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? { value: text } : { must };

const databaseAddress: Read<string> = (text) => {
  const must = "must be postgres://user:password@host:port/database";
  const reading = address(["postgres:", "postgresql:"], must)(text);
  return "value" in reading && new URL(text).pathname.length < 2 ? { must } : reading;
};

const lineAddress: Read<string | null> = (text) =>
  text === "memory" || text === "memory:"
    ? { value: null }
    : address(
        ["redis:", "rediss:"],
        "must be redis://… or rediss://…, or memory for one process",
      )(text);

const tokenKeys: Read<readonly TokenKey[]> = (text) => {
  const must =
    "must be id:hex, comma-separated, the first signs: ids of 1 to 32 letters, digits, - or _, each " +
    'once, and secrets of 32 bytes or more; make one with: echo "k1:$(openssl rand -hex 32)"';
  const keys: TokenKey[] = [];
  for (const part of text.split(",")) {
    const [, id, hex] = /^\s*([\w-]{1,32}):((?:[0-9a-f]{2}){32,128})\s*$/i.exec(part) ?? [];
    if (id === undefined || hex === undefined || keys.some((key) => key.id === id)) return { must };
    keys.push(Object.freeze({ id, secret: Buffer.from(hex, "hex") }));
  }
  return { value: Object.freeze(keys) };
};

const isSafeOrLocal = (text: string): boolean => {
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
};

const web = (text: string): Reading<string> => {
  const must = "must be https://…, or http:// on this machine";
  const reading = address(["https:", "http:"], must)(text);
  return "value" in reading && !isSafeOrLocal(text) ? { must } : reading;
};

const publicAddress: Read<string> = (text) => {
  const must = "must be https://host or http://host, without a path";
  const reading = address(["https:", "http:"], must)(text);
  const bare = "value" in reading && new URL(text).href === `${new URL(text).origin}/`;
  return bare ? { value: new URL(text).origin } : { must };
};

/** A number of hops is no way to say it: it cannot tell a proxy from a client who pretends. */
const proxyAddresses: Read<readonly string[]> = (text) => {
  const addresses = text.split(",").map((one) => one.trim());
  const isRange = (one: string): boolean => {
    const [address = "", bits] = one.split("/");
    const bitsMax = isIP(address) === 4 ? 32 : 128;
    return (
      isIP(address) > 0 &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax))
    );
  };
  return addresses.every(isRange)
    ? { value: Object.freeze(addresses) }
    : { must: "must be addresses or CIDR ranges of proxies, comma-separated" };
};

const operatorKeyLengthMin = 24;

const operatorKey = matching(
  new RegExp(`^[\\x21-\\x7e]{${operatorKeyLengthMin},256}$`),
  `must be ${operatorKeyLengthMin} to 256 printable characters without spaces; make one with: openssl rand -hex 24`,
);

/** Reads variables one by one and gathers what is wrong with any of them. */
interface Reader {
  readonly faults: string[];
  /** The variable's meaning, or `byDefault` when it is unset, empty or faulty. */
  optional<T, D>(name: string, read: Read<T>, byDefault: D): T | D;
  /** As `optional`, and being unset is a fault too; `standIn` is only there to read on. */
  required<T>(name: string, read: Read<T>, standIn: T): T;
}

const readerOf = (environment: Environment): Reader => {
  const faults: string[] = [];
  const optional: Reader["optional"] = (name, read, byDefault) => {
    const given = environment[name] ?? "";
    if (given === "") return byDefault;
    const reading = read(given);
    if ("value" in reading) return reading.value;
    faults.push(`${name} ${reading.must}`);
    return byDefault;
  };
  const required: Reader["required"] = (name, read, standIn) => {
    const reading = read("");
    if ((environment[name] ?? "") === "" && "must" in reading) {
      faults.push(`${name} is not set: it ${reading.must}`);
    }
    return optional(name, read, standIn);
  };
  return { faults, optional, required };
};

const text = matching(/^.{1,1000}$/s, "must be 1 to 1000 characters");

const readOidc = (reader: Reader): OidcConfig | null => {
  const given = {
    OIDC_ISSUER: reader.optional("OIDC_ISSUER", web, ""),
    OIDC_AUDIENCE: reader.optional("OIDC_AUDIENCE", text, ""),
    OIDC_JWKS_URL: reader.optional("OIDC_JWKS_URL", web, ""),
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

const demoWord = /demo|change-?me|example|password/i;

/** A secret of random bytes has some 30 different ones in 32; a made-up one repeats itself. */
const isMadeUp = (secret: Uint8Array): boolean => new Set(secret).size < 16;

/** What development may do and a real sale must not. */
const productionFaults = (config: Config): string[] => {
  const faults: string[] = [];
  if (demoWord.test(config.operatorKey)) {
    faults.push("OPERATOR_KEY is a demo secret: set your own, made with: openssl rand -hex 24");
  }
  if (config.tokenKeys.some((key) => demoWord.test(key.id) || isMadeUp(key.secret))) {
    faults.push(
      'TOKEN_KEYS holds a demo secret: set your own, made with: echo "k1:$(openssl rand -hex 32)"',
    );
  }
  if (config.demoSeed) faults.push("DEMO_SEED must be false in production");
  return faults;
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
  redisUrl: reader.required("REDIS_URL", lineAddress, null),
  dataDir: reader.optional("DATA_DIR", text, ".data"),
  operatorKey: reader.required("OPERATOR_KEY", operatorKey, ""),
  tokenKeys: reader.required("TOKEN_KEYS", tokenKeys, []),
  currency: reader.optional(
    "CURRENCY",
    matching(/^[A-Z]{3}$/, "must be an ISO 4217 code of three capital letters"),
    "KRW",
  ),
  logLevel: reader.optional("LOG_LEVEL", oneOf("debug", "info", "warn", "error", "silent"), "info"),
  usersBuiltIn: reader.optional("USERS_BUILT_IN", flag, true),
  oidc: readOidc(reader),
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
  if (config.environment === "production") faults.push(...productionFaults(config));
  if (faults.length > 0) throw new ConfigFault(faults);
  return Object.freeze(config);
};
