import type { QueueClaims } from "#kernel/place.ts";
import type { TokenClaims } from "../domain/token-claims.ts";

/** Signs and reads queue tokens. */
export interface QueueTokens {
  sign(claims: TokenClaims): string;
  /**
   * Returns the token with the claims `shown`, which must come from `read`, or a new one when the end of the
   * slot or the signing key has changed.
   */
  renew(shown: QueueClaims, claims: TokenClaims): string;
  /** The claims of a genuine token of any age, or null. Asks no store. */
  read(token: string): QueueClaims | null;
}
