import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import pg from "pg";
import { plainAddress } from "#platform/http/client-address.ts";

/** The variables of the environment, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a text, or the rule that it breaks ("must be …"). A rule never repeats the text. */
export type Reading<T> = { readonly value: T } | { readonly must: string };
export type Read<T> = (text: string) => Reading<T>;

export const whole =
  (min: number, max: number, unit = ""): Read<number> =>
  (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max
      ? { value }
      : { must: `must be a whole number${unit && ` of ${unit}`} from ${min} to ${max}` };
  };

export const oneOf =
  <T extends string>(...values: readonly T[]): Read<T> =>
  (text) => {
    const value = values.find((candidate) => candidate === text);
    return value === undefined ? { must: `must be one of ${values.join(", ")}` } : { value };
  };

export const flag: Read<boolean> = (text) =>
  text === "true" || text === "false"
    ? { value: text === "true" }
    : { must: "must be true or false" };

export const matching =
  (pattern: RegExp, must: string): Read<string> =>
  (text) =>
    pattern.test(text) ? { value: text } : { must };

export const text = matching(/^.{1,1000}$/s, "must be 1 to 1000 characters");

/** The URL of a text, or the rule that it breaks. `must` is the rule of its form. */
const parseAddress = (
  text: string,
  protocols: readonly string[],
  must: string,
): { readonly url: URL } | { readonly must: string } => {
  if (!URL.canParse(text)) return { must };
  const url = new URL(text);
  if (!protocols.includes(url.protocol)) return { must };
  // A `#` in a password cuts the address short: its host would be another one.
  if (url.hash !== "") return { must: "must write # as %23" };
  try {
    decodeURIComponent(url.href);
  } catch {
    return { must: "must write % as %25" };
  }
  return url.port === "0" ? { must } : { url };
};

/** The driver reads the files that `sslcert`, `sslkey` and `sslrootcert` name when it parses the address. */
const isReadByDriver = (connectionString: string): boolean => {
  try {
    return new pg.Client({ connectionString }) instanceof pg.Client;
  } catch {
    return false;
  }
};

export const databaseAddress: Read<string> = (text) => {
  const must = "must be postgres://user:password@host:port/database";
  const parsed = parseAddress(text, ["postgres:", "postgresql:"], must);
  if ("must" in parsed) return parsed;
  if (parsed.url.pathname.length < 2) return { must };
  return isReadByDriver(text)
    ? { value: text }
    : { must: "must have options that the driver knows, and names of files that can be read" };
};

/** Refuses each part that the driver would ignore: a path that is no number, a path after it, a query. */
export const redisAddress: Read<string | null> = (text) => {
  if (text === "memory" || text === "memory:") return { value: null };
  const must =
    "must be redis://user:password@host:port or rediss://…, with /number of the database if it is not 0, or memory for one process";
  const parsed = parseAddress(text, ["redis:", "rediss:"], must);
  if ("must" in parsed) return parsed;
  const { hostname, pathname, search } = parsed.url;
  const isComplete = hostname !== "" && search === "" && /^\/?\d{0,4}$/.test(pathname);
  return isComplete ? { value: text } : { must };
};

/** Whether the host is this machine, however its address is written: `127.1` and `::ffff:127.0.0.1` are. */
export const isLoopback = (host: string): boolean => {
  const name = domainToASCII(isIP(host) === 6 ? `[${host}]` : host);
  if (name === "localhost" || name === "[::1]") return true;
  return plainAddress(name)?.startsWith("127.") === true;
};

export const webAddress: Read<string> = (text) => {
  const must = "must be https://…, or http:// on this machine";
  const parsed = parseAddress(text, ["https:", "http:"], must);
  if ("must" in parsed) return parsed;
  const { protocol, hostname, username, password } = parsed.url;
  if (username + password !== "") return { must: "must have no user and no password" };
  return protocol === "https:" || isLoopback(hostname) ? { value: text } : { must };
};

export const publicAddress: Read<string> = (text) => {
  const must = "must be https://host or http://host, without a path";
  const parsed = parseAddress(text, ["https:", "http:"], must);
  if ("must" in parsed) return parsed;
  const { href, origin } = parsed.url;
  return href === `${origin}/` ? { value: origin } : { must };
};

/** A number of hops is refused, because it cannot distinguish a proxy from a client that adds headers. */
export const proxyAddresses: Read<readonly string[]> = (text) => {
  const addresses = text.split(",").map((one) => one.trim());
  const isRange = (one: string): boolean => {
    const [address = "", bits, ...rest] = one.split("/");
    const bitsMax = isIP(address) === 4 ? 32 : 128;
    return (
      isIP(address) > 0 &&
      rest.length === 0 &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax))
    );
  };
  return addresses.every(isRange)
    ? { value: Object.freeze(addresses) }
    : { must: "must be addresses or CIDR ranges of proxies, comma-separated" };
};

/** Claims with their values: `name=value`, comma-separated. A name can be a web address. */
export const claimValues: Read<readonly { readonly name: string; readonly value: string }[]> = (
  text,
) => {
  const claims = text.split(",").map((part) => /^\s*([^\s=]{1,200})=(.{1,200}?)\s*$/.exec(part));
  const named = claims.flatMap((claim) =>
    claim === null ? [] : [Object.freeze({ name: claim[1] ?? "", value: claim[2] ?? "" })],
  );
  return named.length === claims.length
    ? { value: Object.freeze(named) }
    : { must: "must be claim=value, comma-separated" };
};

/** Scopes of a sign-in; without `openid` the provider would give no ID token. */
export const scopes = matching(
  /^(?=.*(?:^| )openid(?: |$))[\x21\x23-\x5b\x5d-\x7e]{1,100}(?: [\x21\x23-\x5b\x5d-\x7e]{1,100}){0,20}$/,
  "must be scopes with single spaces between them, one of them openid",
);

/** Reads variables one by one and collects every fault. */
export interface Reader {
  readonly faults: string[];
  /** The variable's value, or `byDefault` when it is unset, empty or faulty. */
  optional<T, D>(name: string, read: Read<T>, byDefault: D): T | D;
  /**
   * As `optional`, but an unset variable is a fault, unless the other variable is set. `standIn` lets the
   * reader go on.
   */
  required<T>(name: string, read: Read<T>, standIn: T, unlessSet?: string): T;
}

export const readerOf = (environment: Environment): Reader => {
  const faults: string[] = [];
  const isSet = (name: string): boolean => (environment[name] ?? "") !== "";
  const optional: Reader["optional"] = (name, read, byDefault) => {
    const given = environment[name] ?? "";
    if (!isSet(name)) return byDefault;
    const reading = read(given);
    if ("value" in reading) return reading.value;
    faults.push(`${name} ${reading.must}`);
    return byDefault;
  };
  const required: Reader["required"] = (name, read, standIn, unlessSet) => {
    const reading = read("");
    const isNeeded = !isSet(name) && (unlessSet === undefined || !isSet(unlessSet));
    if (isNeeded && "must" in reading) {
      faults.push(`${name} is not set: it ${reading.must}`);
    }
    return optional(name, read, standIn);
  };
  return { faults, optional, required };
};
