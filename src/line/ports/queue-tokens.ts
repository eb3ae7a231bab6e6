import type { QueueClaims } from "#kernel/place.ts";
import type { TokenClaims } from "../domain/token-claims.ts";

/** Makes and reads queue tokens. */
export interface QueueTokens {
  sign(claims: TokenClaims): string;
  /** The claims of a genuine token of any age, or null. No store is asked. */
  read(token: string): QueueClaims | null;
}
