import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { isUuid } from "../../src/kernel/ids.ts";

/** A simulation that asks for too much, or asks a server that it should not. */
export class Unfit extends Error {}

export interface Options {
  /** 1 to 20,000. */
  readonly fans: number;
  readonly url: string;
  /** Null: a sale of its own is created, which needs the operator's key. */
  readonly concertId: string | null;
  /** Of the sale that is created: people a minute; null: as many as let it last about two minutes. */
  readonly admissionsPerMinute: number | null;
  /** Over which the fans arrive. */
  readonly arrivalSeconds: number;
  /** After which everybody goes home. */
  readonly secondsMax: number;
  readonly outFolder: string;
  readonly databaseUrl: string | null;
  readonly operatorKey: string | null;
}

const fansMax = 20_000;
const secondsLimit = 3_600;

const usage = `Usage: npm run simulate -- [options]
  --fans 1000         how many people come, 1 to ${fansMax}
  --arrival 20        seconds over which they come
  --concert ID        the sale that they come to; without it, one of their own is created
  --rate N            admissions a minute of the sale that is created (it lasts about two minutes)
  --seconds 600       after which everybody goes home, 1 to ${secondsLimit}
  --out FOLDER        where the report goes
  --url URL           the server, on this machine
  --allow-remote      or elsewhere`;

const within = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Unfit(`--${name} must be a whole number from ${min} to ${max}, not ${text}.`);
};

const isLoopback = (url: string): boolean => {
  const { hostname } = new URL(url);
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
};

const urlIn = (text: string, mayBeRemote: boolean): string => {
  const url = text.replace(/\/$/, "");
  if (!URL.canParse(url)) throw new Unfit(`--url must be an address, not ${url}.`);
  if (!isLoopback(url) && !mayBeRemote) {
    throw new Unfit(`${url} is not this machine. With --allow-remote it is asked all the same.`);
  }
  return url;
};

/** The settings that `npm start` wrote into its data folder; none where it does not run. */
const instanceOf = (dataDir: string): NodeJS.Dict<string> => {
  const file = join(dataDir, "instance.env");
  return existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
};

const words = {
  fans: { type: "string", default: "1000" },
  concert: { type: "string" },
  rate: { type: "string" },
  arrival: { type: "string", default: "20" },
  seconds: { type: "string", default: "600" },
  out: { type: "string" },
  "allow-remote": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const parse = (args: readonly string[], port: string) => {
  try {
    return parseArgs({
      args: [...args],
      options: { ...words, url: { type: "string", default: `http://localhost:${port}` } },
    }).values;
  } catch (error) {
    throw new Unfit(`${error instanceof Error ? error.message : ""}\n${usage}`);
  }
};

/** Reads the command line. Throws `Unfit` for a number out of range, and for a remote server without leave. */
export const readOptions = (args: readonly string[], environment: NodeJS.ProcessEnv): Options => {
  const values = parse(args, environment["PORT"] || "3000");
  if (values.help) throw new Unfit(usage);
  const url = urlIn(values.url, values["allow-remote"]);
  if (values.concert !== undefined && !isUuid(values.concert)) {
    throw new Unfit(`--concert must be the id of a concert, not ${values.concert}.`);
  }
  const root = join(import.meta.dirname, "../..");
  const dataDir = resolve(root, environment["DATA_DIR"] || ".data");
  // The settings of this machine say nothing about a server elsewhere.
  const known = isLoopback(url) ? { ...instanceOf(dataDir), ...environment } : environment;
  return {
    fans: within("fans", values.fans, 1, fansMax),
    url,
    concertId: values.concert ?? null,
    admissionsPerMinute:
      values.rate === undefined ? null : within("rate", values.rate, 1, 1_000_000),
    arrivalSeconds: within("arrival", values.arrival, 0, secondsLimit),
    secondsMax: within("seconds", values.seconds, 1, secondsLimit),
    outFolder: resolve(values.out ?? join(dataDir, "simulation")),
    databaseUrl: known["DATABASE_URL"] || null,
    operatorKey: known["OPERATOR_KEY"] || null,
  };
};
