import { verifyAsync } from "@noble/ed25519";
import { verifyByWebCrypto, type VerifySignature } from "../../sdk/ticket-code.ts";

const bytesOf = (base64url: string): Uint8Array =>
  Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (byte) =>
    byte.charCodeAt(0),
  );

/** Verifies by WebCrypto, or by a library where WebCrypto has no Ed25519. */
export const verifySignature: VerifySignature = async (key, signature, signed) => {
  try {
    return await verifyByWebCrypto(key, signature, signed);
  } catch {
    return verifyAsync(signature, signed, bytesOf(key.x), { zip215: false });
  }
};
