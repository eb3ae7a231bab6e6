import type { QueueClaims } from "#kernel/place.ts";
import type { TokenClaims } from "../domain/token-claims.ts";

/** Makes and reads queue tokens. */
export interface QueueTokens {
  sign(claims: TokenClaims): string;
  /**
   * The newest token of a place whose owner has shown one: that one again while nothing has changed,
   * the slot's end and the signing key included. `shown` must come from `read`.
   */
  renew(shown: QueueClaims, claims: TokenClaims): string;
  /** The claims of a genuine token of any age, or null. No store is asked. */
  read(token: string): QueueClaims | null;
}
