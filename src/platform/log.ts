import { pino, type DestinationStream } from "pino";

/** Structured log lines. Secrets in the fields are replaced before a line is written. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

const redacted = "[redacted]";
const secretName =
  /^(authorization|cookie|set-cookie|password|pwd|.*secret|.*tokens?|.*keys?|.*seed)$/i;
const bearer = /\b(Bearer|Basic)\s+[^\s"',]+/gi;
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const urlPassword = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi;
const depthMax = 6;
const itemsMax = 50;

const cleanText = (text: string): string =>
  text
    .replace(bearer, `$1 ${redacted}`)
    .replace(jwt, redacted)
    .replace(urlPassword, `$1:${redacted}@`);

const cleanError = (error: Error, depth: number): object => {
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

/**
 * Returns a log of JSON lines. At any depth it replaces bearer credentials, JWTs, passwords in URLs, and the
 * values of fields whose names mean a secret (authorization, cookie, password, secret, token, key, seed).
 */
export const createLog = (options: {
  readonly level: LogLevel;
  readonly name?: string;
  /** Where the lines go; standard output by default. */
  readonly destination?: DestinationStream;
}): Log => {
  const settings = {
    level: options.level,
    base: options.name === undefined ? null : { name: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    // `clean` has made a plain object of an error before pino sees it.
    serializers: { err: (error: unknown) => error },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const lines =
    options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  const at = (level: "debug" | "info" | "warn" | "error") => (fields: object, message: string) => {
    if (lines.isLevelEnabled(level)) lines[level](cleanFields(fields, 0), cleanText(message));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
};

/** A log that writes nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
