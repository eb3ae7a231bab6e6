import type { UserId } from "#kernel/ids.ts";
import type { Hmac, Sha256OfHex } from "../domain/draw-value.ts";

/** The sums that a draw is made of and checked by. */
export interface DrawHashes {
  readonly hmac: Hmac;
  readonly sha256: Sha256OfHex;
  /** The SHA-256 of each user id, 32 bytes each, one after the other. */
  hashUsers(userIds: readonly UserId[]): Uint8Array;
  /** SHA-256 in hex over the hashes in hex, sorted, joined by line feeds. Lets others work in between. */
  digest(pages: readonly Uint8Array[]): Promise<string>;
}
