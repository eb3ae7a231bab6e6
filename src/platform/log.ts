import { pino, type DestinationStream } from "pino";
import { Unavailable } from "#kernel/unavailable.ts";
import { reasonOf } from "./reason.ts";
import { collectRepeats, type Line } from "./repeats.ts";

/** Structured log lines. Secrets in the fields are replaced before a line is written. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log that counts repeated lines. */
export interface CountingLog extends Log {
  /** Writes what is counted, for the end of the process. */
  flush(): void;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

const redacted = "[redacted]";
const secretName =
  /^(authorization|cookie|set-cookie|password|pwd|.*secret|.*tokens?|.*keys?|.*seed)$/i;
const bearer = /\b(Bearer|Basic)\s+[^\s"',]+/gi;
// A client chooses some texts, so no expression may read to the end from each of many starts: a start is where a
// run of characters begins, or what it reads is short.
const threeParts = /(?<![\w-])[\w-]+\.[\w-]+\.[\w-]*/g;
const jwtStart = /(?<![a-z0-9_])eyJ.*/is;
const urlPassword = /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]{0,200}):[^\s/]{1,500}@/gi;
const depthMax = 6;
const itemsMax = 50;
const charsMax = 4_000;

const cleanText = (text: string): string => {
  const cleaned = text
    .replace(bearer, `$1 ${redacted}`)
    .replace(threeParts, (parts) => parts.replace(jwtStart, redacted))
    .replace(urlPassword, `$1:${redacted}@`);
  return cleaned.length <= charsMax ? cleaned : `${cleaned.slice(0, charsMax)}…`;
};

/** A store's fault needs no stack: it is not a bug, and its cause is in the store. */
const cleanUnavailable = (error: Unavailable): object => {
  const [message, reason] = [error.message, reasonOf(error)].map(cleanText);
  return { type: error.name, message, ...(reason === message ? {} : { reason }) };
};

const cleanError = (error: Error, depth: number): object => {
  if (error instanceof Unavailable) return cleanUnavailable(error);
  const shown: Record<string, unknown> = {
    type: error.name,
    message: cleanText(error.message),
    stack: cleanText(error.stack ?? ""),
  };
  for (const name of ["code", "constraint", "syscall"] as const) {
    const value = (error as unknown as Record<string, unknown>)[name];
    if (value !== undefined) shown[name] = value;
  }
  if (error.cause !== undefined) shown["cause"] = clean(error.cause, depth + 1);
  return shown;
};

const clean = (value: unknown, depth: number): unknown => {
  if (typeof value === "string") return cleanText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= depthMax) return "[deep]";
  if (value instanceof Error) return cleanError(value, depth);
  if (Array.isArray(value)) return value.slice(0, itemsMax).map((item) => clean(item, depth + 1));
  if (ArrayBuffer.isView(value)) return "[bytes]";
  if (value instanceof Date) return value;
  return cleanFields(value, depth);
};

const cleanFields = (fields: object, depth: number): Record<string, unknown> => {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    shown[name] =
      secretName.test(name) && value !== null && value !== undefined
        ? redacted
        : clean(value, depth + 1);
  }
  return shown;
};

/** The address of the client who causes the line; null for a line about the server itself. */
const addressIn = (fields: object): string | null => {
  const { address } = fields as Readonly<Record<string, unknown>>;
  return typeof address === "string" ? address : null;
};

/**
 * The cause that a line repeats, or null: each line about a bug in a request is written, because the request's
 * id is in the answer. A client (`address`) may repeat a request any number of times.
 */
const repeatedCauseOf = (fields: object, message: string): string | null => {
  const { err, requestId } = fields as Readonly<Record<string, unknown>>;
  const address = addressIn(fields);
  if (address !== null) return `${message}: ${address}`;
  if (err instanceof Unavailable) return reasonOf(err);
  return err instanceof Error && requestId === undefined ? `${message}: ${reasonOf(err)}` : null;
};

/**
 * Returns a log of JSON lines. At any depth it replaces bearer credentials, JWTs, passwords in URLs, and the
 * values of fields whose names mean a secret (authorization, cookie, password, secret, token, key, seed). It cuts
 * texts to 4,000 characters.
 *
 * Warnings and errors with one cause in `err` are one line every 10 s, see `collectRepeats`. The cause of an
 * Unavailable is the fault of the store below it, whatever the request or the job.
 */
export const createLog = (options: {
  readonly level: LogLevel;
  /** Fields of every line. */
  readonly ownFields?: Readonly<Record<string, string>>;
  /** Where the lines go; standard output by default. */
  readonly destination?: DestinationStream;
}): CountingLog => {
  const settings = {
    level: options.level,
    base: options.ownFields ?? null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // `clean` has made a plain object of an error before pino sees it.
    serializers: { err: (error: unknown) => error },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const lines =
    options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  const write = (level: "debug" | "info" | "warn" | "error", fields: object, message: string) =>
    lines[level](cleanFields(fields, 0), cleanText(message));
  const writeLine = ({ level, fields, message }: Line): void => write(level, fields, message);
  const faults = collectRepeats(writeLine);
  // Apart, so that clients with many addresses do not crowd out the faults of the server.
  const ofClients = collectRepeats(writeLine);
  const at = (level: "debug" | "info") => (fields: object, message: string) => {
    if (lines.isLevelEnabled(level)) write(level, fields, message);
  };
  const counting = (level: Line["level"]) => (fields: object, message: string) => {
    if (!lines.isLevelEnabled(level)) return;
    const cause = repeatedCauseOf(fields, message);
    if (cause === null) write(level, fields, message);
    else (addressIn(fields) === null ? faults : ofClients).add(cause, { level, fields, message });
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: counting("warn"),
    error: counting("error"),
    flush() {
      faults.flush();
      ofClients.flush();
    },
  };
};

/** A log that writes nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
