import { asId, type TicketId } from "#kernel/ids.ts";

// A code in bytes: format (1), key (1), ticket id (16), date (2), version (2), signature (64). Numbers are big-endian.

/** The statement of a code. */
export interface TicketCode {
  readonly ticketId: TicketId;
  /** YYYY-MM-DD from 1970-01-01 to 2149-06-06: the bytes hold the days since the first. */
  readonly date: string;
  /** 1 to 65,535. */
  readonly version: number;
}

/** A code in its parts; nothing proves that a key of the server has signed it. */
export interface ReadCode {
  /** 0 to 255. */
  readonly keyId: number;
  readonly stated: TicketCode;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

const format = 1;
const bodyBytes = 22;
export const codeBytes = bodyBytes + 64;
const dayMs = 86_400_000;

/** The ASCII bytes before the code's own in the text that is signed, so that no other signature is one of a code. */
const prefix = Uint8Array.from("frontrow-ticket-v1", (letter) => letter.charCodeAt(0));

const signedText = (body: Uint8Array): Uint8Array => {
  const text = new Uint8Array(prefix.length + body.length);
  text.set(prefix);
  text.set(body, prefix.length);
  return text;
};

const bytesOfId = (id: string): readonly number[] =>
  (id.replaceAll("-", "").match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

const idOfBytes = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** Returns the code of a ticket: `sign` signs the text with the private key of `keyId`. */
export const writeCode = (
  { ticketId, date, version }: TicketCode,
  keyId: number,
  sign: (text: Uint8Array) => Uint8Array,
): Uint8Array => {
  const code = new Uint8Array(codeBytes);
  const view = new DataView(code.buffer);
  code.set([format, keyId, ...bytesOfId(ticketId)]);
  view.setUint16(18, Date.parse(date) / dayMs);
  view.setUint16(20, version);
  code.set(sign(signedText(code.subarray(0, bodyBytes))), bodyBytes);
  return code;
};

/** Reads the parts of a code; null for bytes of another length or format. */
export const readCode = (code: Uint8Array): ReadCode | null => {
  if (code.length !== codeBytes || code[0] !== format) return null;
  const view = new DataView(code.buffer, code.byteOffset);
  const ticketId = asId<"ticket">(idOfBytes(code.subarray(2, 18)));
  const date = new Date(view.getUint16(18) * dayMs).toISOString().slice(0, 10);
  if (ticketId === null) return null;
  return {
    keyId: view.getUint8(1),
    stated: { ticketId, date, version: view.getUint16(20) },
    signed: signedText(code.subarray(0, bodyBytes)),
    signature: code.subarray(bodyBytes),
  };
};
