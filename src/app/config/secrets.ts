import { matching, type Read } from "./readers.ts";

export interface TokenKey {
  readonly id: string;
  /** 32 bytes or more. */
  readonly secret: Uint8Array;
}

/** The key that `npm start` uses when none is set; production refuses it. */
export const demoOperatorKey = "demo-operator-key-for-this-machine-only";

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

const operatorKeyCharsMin = 24;

const oneOperatorKey = matching(
  new RegExp(`^(?!,)[\\x21-\\x2b\\x2d-\\x7e]{${operatorKeyCharsMin},256}$`),
  `must be keys of ${operatorKeyCharsMin} to 256 printable characters without spaces, comma-separated, each once; make one with: openssl rand -hex 24`,
);

/**
 * The operator keys, comma-separated. Each is checked by itself: a key with a comma would otherwise
 * become two keys, and the first part alone could be too short.
 */
export const operatorKeyList: Read<readonly string[]> = (text) => {
  const keys = text.split(",").map((key) => key.trim());
  const faulty = keys.map(oneOperatorKey).find((reading) => "must" in reading);
  if (faulty !== undefined) return faulty as { must: string };
  return new Set(keys).size === keys.length
    ? { value: Object.freeze(keys) }
    : (oneOperatorKey("") as { must: string });
};
