/** The statement of a ticket's code. */
export interface TicketCode {
  readonly ticketId: string;
  /** The date of the show, YYYY-MM-DD. */
  readonly date: string;
  /** Rises when the ticket changes hands: the code of a former holder has a lower one. */
  readonly version: number;
}

/** A key of `listTicketKeys`. */
export interface TicketKey {
  readonly kid: string;
  readonly x: string;
}

const codeChars = 115;
const bodyBytes = 22;
const dayMs = 86_400_000;
const prefix = new TextEncoder().encode("frontrow-ticket-v1");

/** The bytes of a text in base64url; null for another text, and for a second spelling of the same bytes. */
const bytesOf = (text: string): Uint8Array<ArrayBuffer> | null => {
  if (text.length !== codeChars || !/^[\w-]+$/.test(text)) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const written = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return written === text ? Uint8Array.from(binary, (byte) => byte.charCodeAt(0)) : null;
};

const idIn = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(2, 18), (byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** Whether the key has signed the bytes. */
export type VerifySignature = (
  key: TicketKey,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
) => Promise<boolean>;

/** Verifies by WebCrypto. Rejects where it has no Ed25519: before Chrome 137, Firefox 129, Safari 17. */
export const verifyByWebCrypto: VerifySignature = async ({ x }, signature, signed) => {
  const jwk = { kty: "OKP", crv: "Ed25519", x };
  const publicKey = await crypto.subtle.importKey("jwk", jwk, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", publicKey, signature, signed);
};

/** Whether a text has the form of a ticket's code. Any other text is the code of no ticket. */
export const hasTicketCodeForm = (text: string): boolean => bytesOf(text)?.[0] === 1;

/**
 * Reads the code of a ticket without the server, by the public keys that it has published. Null for a text that
 * none of them has signed. Whether the ticket is still good at that version, the list for the door says.
 * Rejects when `verify` does.
 */
export const readTicketCode = async (
  code: string,
  keys: readonly TicketKey[],
  verify: VerifySignature = verifyByWebCrypto,
): Promise<TicketCode | null> => {
  const bytes = bytesOf(code);
  const key = keys.find(({ kid }) => kid === String(bytes?.[1]));
  if (bytes === null || bytes[0] !== 1 || key === undefined) return null;
  const signed = new Uint8Array([...prefix, ...bytes.subarray(0, bodyBytes)]);
  if (!(await verify(key, bytes.slice(bodyBytes), signed))) return null;
  const view = new DataView(bytes.buffer);
  return {
    ticketId: idIn(bytes),
    date: new Date(view.getUint16(18) * dayMs).toISOString().slice(0, 10),
    version: view.getUint16(20),
  };
};
