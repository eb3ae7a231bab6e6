import { operatorRoles, type OperatorKey } from "#kernel/operator.ts";
import type { TicketKey } from "#tickets";
import { matching, type Read, type Reader } from "./readers.ts";

export interface TokenKey {
  readonly id: string;
  /** 32 bytes or more. */
  readonly secret: Uint8Array;
}

/** The key that `npm start` uses when none is set; production refuses it. */
export const demoOperatorKey = "demo-operator-key-for-this-machine-only";

export const hasDemoKey = (keys: readonly OperatorKey[]): boolean =>
  keys.some(({ secret }) => secret === demoOperatorKey);

export const tokenKeys: Read<readonly TokenKey[]> = (text) => {
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

/** The number of the key that `npm start` makes; production refuses it. */
export const demoTicketKeyId = 0;

export const ticketKeys: Read<readonly TicketKey[]> = (text) => {
  const must =
    "must be id:hex, comma-separated, the first signs: ids from 0 to 255, each once, and seeds of 32 bytes; " +
    'make one with: echo "1:$(openssl rand -hex 32)"';
  const keys: TicketKey[] = [];
  for (const part of text.split(",")) {
    const [, digits, hex] = /^\s*(\d{1,3}):([0-9a-f]{64})\s*$/i.exec(part) ?? [];
    const id = Number(digits);
    if (hex === undefined || id > 255 || keys.some((key) => key.id === id)) return { must };
    keys.push(Object.freeze({ id, seed: Buffer.from(hex, "hex") }));
  }
  return { value: Object.freeze(keys) };
};

const operatorKeyCharsMin = 24;

const oneOperatorKey = matching(
  new RegExp(`^(?!,)[\\x21-\\x2b\\x2d-\\x7e]{${operatorKeyCharsMin},256}$`),
  `must be keys of ${operatorKeyCharsMin} to 256 printable characters without spaces, comma-separated, each once; make one with: openssl rand -hex 24`,
);

/**
 * The operator keys, comma-separated. Each is checked by itself: a key with a comma would otherwise
 * become two keys, and the first part alone could be too short.
 */
const operatorKeyList: Read<readonly string[]> = (text) => {
  const keys = text.split(",").map((key) => key.trim());
  const faulty = keys.map(oneOperatorKey).find((reading) => "must" in reading);
  if (faulty !== undefined) return faulty as { must: string };
  return new Set(keys).size === keys.length
    ? { value: Object.freeze(keys) }
    : (oneOperatorKey("") as { must: string });
};

const namedKey = new RegExp(
  `^([\\w.-]{1,50}):(${operatorRoles.join("|")}):([A-Za-z0-9._~-]{32,256})$`,
);

/** Named operator keys: `name:role:secret`, comma-separated. */
const namedOperatorKeys: Read<readonly OperatorKey[]> = (text) => {
  const must = `must be name:role:secret, comma-separated: names of 1 to 50 letters, digits, ., - or _, each once, a role of ${operatorRoles.join(", ")}, and different secrets of 32 to 256 letters, digits, ., _, ~ or -; make one with: openssl rand -hex 24`;
  const keys: OperatorKey[] = [];
  for (const part of text.split(",")) {
    const [, name, role, secret] = namedKey.exec(part.trim()) ?? [];
    const known = operatorRoles.find((it) => it === role);
    if (name === undefined || known === undefined || secret === undefined) return { must };
    if (keys.some((key) => key.name === name || key.secret === secret)) return { must };
    keys.push(Object.freeze({ name, role: known, secret }));
  }
  return { value: Object.freeze(keys) };
};

/** The name of all keys in `OPERATOR_KEY`, of which each may do everything. */
const unnamedOperator = { name: "operator", role: "admin" } as const;

/** Reads the keys of all operators: one variable of the two is required. */
export const readOperatorKeys = (reader: Reader): readonly OperatorKey[] => {
  const named = reader.optional("OPERATOR_KEYS", namedOperatorKeys, []);
  const secrets = reader.required("OPERATOR_KEY", operatorKeyList, [], "OPERATOR_KEYS");
  const taken = named.find(
    ({ name, secret }) =>
      secrets.includes(secret) || (secrets.length > 0 && name === unnamedOperator.name),
  );
  if (taken !== undefined) {
    reader.faults.push(
      `OPERATOR_KEYS must not repeat OPERATOR_KEY, and the name ${unnamedOperator.name} belongs to OPERATOR_KEY while that is set`,
    );
  }
  return [...secrets.map((secret) => ({ ...unnamedOperator, secret })), ...named];
};
