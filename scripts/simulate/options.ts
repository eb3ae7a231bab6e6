import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";

/** A simulation that asks for too much, or of somebody whom it should not. */
export class Unfit extends Error {}

export interface Options {
  /** 1 to 20,000. */
  readonly fans: number;
  readonly url: string;
  /** Null: a sale of its own is created, which needs the operator's key. */
  readonly concertId: string | null;
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

const within = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Unfit(`--${name} must be a whole number from ${min} to ${max}, not ${text}.`);
};

const isLoopback = (url: string): boolean => {
  const { hostname } = new URL(url);
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
};

/** What `npm start` left in its data folder for whoever works beside it; nothing where it is not. */
const instanceOf = (dataDir: string): NodeJS.Dict<string> => {
  const file = join(dataDir, "instance.env");
  return existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
};

/** Reads the command line. Throws `Unfit` for a number out of range, and for a remote server without leave. */
export const readOptions = (args: readonly string[], environment: NodeJS.ProcessEnv): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fans: { type: "string", default: "1000" },
      url: { type: "string", default: `http://localhost:${environment["PORT"] ?? 3000}` },
      concert: { type: "string" },
      arrival: { type: "string", default: "20" },
      seconds: { type: "string", default: "300" },
      out: { type: "string" },
      "allow-remote": { type: "boolean", default: false },
    },
  });
  const url = values.url.replace(/\/$/, "");
  if (!URL.canParse(url)) throw new Unfit(`--url must be an address, not ${url}.`);
  if (!isLoopback(url) && !values["allow-remote"]) {
    throw new Unfit(`${url} is not this machine. With --allow-remote it is asked all the same.`);
  }
  const root = join(import.meta.dirname, "../..");
  const dataDir = resolve(root, environment["DATA_DIR"] || ".data");
  // What a house on this machine left says nothing about a server elsewhere.
  const known = isLoopback(url) ? { ...instanceOf(dataDir), ...environment } : environment;
  return {
    fans: within("fans", values.fans, 1, fansMax),
    url,
    concertId: values.concert ?? null,
    arrivalSeconds: within("arrival", values.arrival, 0, secondsLimit),
    secondsMax: within("seconds", values.seconds, 1, secondsLimit),
    outFolder: resolve(values.out ?? join(dataDir, "simulation")),
    databaseUrl: known["DATABASE_URL"] || null,
    operatorKey: known["OPERATOR_KEY"] || null,
  };
};
