import type { UserId } from "#kernel/ids.ts";
import type { Hmac, Sha256OfHex } from "../domain/draw-value.ts";

/** The hash functions that make a draw, and that its readers check it with. */
export interface DrawHashes {
  readonly hmac: Hmac;
  readonly sha256: Sha256OfHex;
  /** Returns the SHA-256 of each user id in lower case, 32 bytes each, concatenated. */
  hashUsers(userIds: readonly UserId[]): Uint8Array;
  /** Returns the SHA-256, in hex, of the sorted hex hashes joined by line feeds. Yields to other work often. */
  digest(pages: readonly Uint8Array[]): Promise<string>;
}
