import { isIP } from "node:net";

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

const address =
  (protocols: readonly string[], must: string): Read<string> =>
  (text) =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? { value: text } : { must };

export const databaseAddress: Read<string> = (text) => {
  const must = "must be postgres://user:password@host:port/database";
  const reading = address(["postgres:", "postgresql:"], must)(text);
  return "value" in reading && new URL(text).pathname.length < 2 ? { must } : reading;
};

/** The path is the number of a database. Any other path is refused, because the driver ignores it. */
export const redisAddress: Read<string | null> = (text) => {
  if (text === "memory" || text === "memory:") return { value: null };
  const must =
    "must be redis://host:port or rediss://host:port, with /number of the database if it is not 0, or memory for one process";
  const reading = address(["redis:", "rediss:"], must)(text);
  return "value" in reading && !/^\/?\d{0,4}$/.test(new URL(text).pathname) ? { must } : reading;
};

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);

export const webAddress: Read<string> = (text) => {
  const must = "must be https://…, or http:// on this machine";
  const reading = address(["https:", "http:"], must)(text);
  if ("must" in reading) return reading;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || isLoopback(hostname) ? reading : { must };
};

export const publicAddress: Read<string> = (text) => {
  const must = "must be https://host or http://host, without a path";
  const reading = address(["https:", "http:"], must)(text);
  const bare = "value" in reading && new URL(text).href === `${new URL(text).origin}/`;
  return bare ? { value: new URL(text).origin } : { must };
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

/** Reads variables one by one and collects every fault. */
export interface Reader {
  readonly faults: string[];
  /** The variable's value, or `byDefault` when it is unset, empty or faulty. */
  optional<T, D>(name: string, read: Read<T>, byDefault: D): T | D;
  /** As `optional`, but an unset variable is a fault; `standIn` lets the reader go on. */
  required<T>(name: string, read: Read<T>, standIn: T): T;
}

export const readerOf = (environment: Environment): Reader => {
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
