import type { ForeignIdentity } from "../domain/foreign-identity.ts";

/** Signs and checks the tokens that this installation issues itself. */
export interface OwnTokens {
  sign(purpose: string, claims: object): string;
  /** The claims when signature and purpose are genuine, else null; does not judge the end. */
  verify(purpose: string, token: string): Record<string, unknown> | null;
}

/** An identity, with the second at which its token was issued; 0 when the token does not say. */
export interface IdentifiedSubject extends ForeignIdentity {
  readonly issuedAtSeconds: number;
}

/** The operator's identity provider. */
export interface IdentityProvider {
  /** Who a token of the provider speaks for, or null for a bad or ended one. Throws Unavailable while its keys cannot be had. */
  readonly identify: (token: string) => Promise<IdentifiedSubject | null>;
}
