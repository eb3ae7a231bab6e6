import type { ForeignIdentity } from "../domain/foreign-identity.ts";

/** Signs and verifies the tokens that this installation issues. */
export interface OwnTokens {
  sign(purpose: string, claims: object): string;
  /** The claims when signature and purpose are valid, else null. Does not check the expiry. */
  verify(purpose: string, token: string): Record<string, unknown> | null;
}

/** An identity, with the second at which its token was issued; 0 when the token does not say. */
export interface IdentifiedSubject extends ForeignIdentity {
  readonly issuedAtSeconds: number;
}

/** The operator's identity provider. */
export interface IdentityProvider {
  /**
   * The identity in a token of the provider; null for an invalid or expired token. Throws Unavailable
   * while the keys of the provider cannot be fetched.
   */
  readonly identify: (token: string) => Promise<IdentifiedSubject | null>;
}
