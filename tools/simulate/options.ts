import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { isUuid } from "../../src/kernel/ids.ts";
import { planNames, readPlan, type PlanInput } from "./plan.ts";

/** The command line is invalid, or the server cannot serve the simulation. */
export class UsageError extends Error {}

export interface Options {
  /** 1 to 20,000. */
  readonly fans: number;
  readonly url: string;
  /** Null: the simulation creates a concert, which needs the operator's key. */
  readonly concertId: string | null;
  /** The hall of the created concert; null: 50 seats in two grades. */
  readonly plan: PlanInput | null;
  /** Of the created concert. Null: a rate at which the sale lasts about two minutes. */
  readonly admissionsPerMinute: number | null;
  /** The time over which the fans arrive. */
  readonly arrivalSeconds: number;
  /** The time after which the sale ends early. */
  readonly secondsMax: number;
  /** Of the fans, those who hold seats again and again and never pay. */
  readonly hoarders: number;
  /** Whether the created concert has the strict limits of unpaid holds. */
  readonly isStrict: boolean;
  readonly outFolder: string;
  readonly databaseUrl: string | null;
  readonly operatorKey: string | null;
}

const fansMax = 20_000;
const secondsLimit = 3_600;

const usage = `Usage: npm run simulate -- [options]
  --fans 1000         number of fans, 1 to ${fansMax}
  --arrival 20        seconds over which they arrive
  --concert ID        the concert; without it, the simulation creates one
  --plan NAME         its hall: ${planNames().join(", ")}, or the JSON file of a seating plan
  --hoarders 0        of them, hold seats again and again and never pay
  --strict            the created concert limits unpaid holds and idle slots
  --rate N            admissions a minute of the created concert (by default it lasts about two minutes)
  --seconds 600       the longest time of the sale, 1 to ${secondsLimit}
  --out FOLDER        the folder of the report
  --url URL           the server, on this machine
  --allow-remote      allow a server on another machine`;

const within = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not ${text}.`);
};

const isLoopback = (url: string): boolean => {
  const { hostname } = new URL(url);
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
};

const urlIn = (text: string, mayBeRemote: boolean): string => {
  const url = text.replace(/\/$/, "");
  if (!URL.canParse(url)) throw new UsageError(`--url must be an address, not ${url}.`);
  if (!isLoopback(url) && !mayBeRemote) {
    throw new UsageError(`${url} is on another machine. To simulate there, add --allow-remote.`);
  }
  return url;
};

/** Returns the settings in the data folder of `npm start`; none when it has not run. */
const instanceOf = (dataDir: string): NodeJS.Dict<string> => {
  const file = join(dataDir, "instance.env");
  return existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
};

const words = {
  fans: { type: "string", default: "1000" },
  concert: { type: "string" },
  plan: { type: "string" },
  rate: { type: "string" },
  hoarders: { type: "string", default: "0" },
  strict: { type: "boolean", default: false },
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
    throw new UsageError(`${error instanceof Error ? error.message : ""}\n${usage}`);
  }
};

const planIn = (nameOrPath: string): PlanInput => {
  const plan = readPlan(nameOrPath);
  if (plan !== null) return plan;
  const names = planNames().join(", ");
  throw new UsageError(`--plan must be ${names} or the file of a seating plan, not ${nameOrPath}.`);
};

/** The concert that is named, or the hall of the one that the simulation creates. */
const concertIn = ({
  concert,
  plan,
}: ReturnType<typeof parse>): Pick<Options, "concertId" | "plan"> => {
  if (concert === undefined)
    return { concertId: null, plan: plan === undefined ? null : planIn(plan) };
  if (plan !== undefined) throw new UsageError("--plan and --concert exclude each other.");
  if (!isUuid(concert))
    throw new UsageError(`--concert must be the id of a concert, not ${concert}.`);
  return { concertId: concert, plan: null };
};

/** Parses the command line. Throws UsageError for a value out of range, and for a remote server. */
export const readOptions = (args: readonly string[], environment: NodeJS.ProcessEnv): Options => {
  const values = parse(args, environment["PORT"] || "3000");
  if (values.help) throw new UsageError(usage);
  const url = urlIn(values.url, values["allow-remote"]);
  const fans = within("fans", values.fans, 1, fansMax);
  const root = join(import.meta.dirname, "../..");
  const dataDir = resolve(root, environment["DATA_DIR"] || ".data");
  // The local settings do not apply to a server on another machine.
  const known = isLoopback(url) ? { ...instanceOf(dataDir), ...environment } : environment;
  return {
    fans,
    url,
    ...concertIn(values),
    admissionsPerMinute:
      values.rate === undefined ? null : within("rate", values.rate, 1, 1_000_000),
    hoarders: within("hoarders", values.hoarders, 0, fans),
    isStrict: values.strict,
    arrivalSeconds: within("arrival", values.arrival, 0, secondsLimit),
    secondsMax: within("seconds", values.seconds, 1, secondsLimit),
    outFolder: resolve(values.out ?? join(dataDir, "simulation")),
    databaseUrl: known["DATABASE_URL"] || null,
    operatorKey: known["OPERATOR_KEY"] || null,
  };
};
