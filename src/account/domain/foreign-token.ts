/** A JWT of the identity provider whose signature, issuer, audience and expiry are valid. */
export interface ForeignToken {
  /** The `typ` of the header. */
  readonly type: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A claim that access tokens must have, with its value as text. */
export interface RequiredClaim {
  readonly name: string;
  readonly value: string;
}

/** RFC 9068; the prefix `application/` may be left out (RFC 7515, section 4.1.9). */
const accessTokenType = "at+jwt";
const anyTokenType = "jwt";

/** Claims by which providers name the kind of a token, each with the value of an access token. */
const kindClaims = [
  // Keycloak: Bearer, ID, Logout, Refresh.
  { name: "typ", value: "bearer" },
  // Amazon Cognito: access, id.
  { name: "token_use", value: "access" },
];

/** Claims of ID tokens (OpenID Connect Core, sections 2 and 3.3.2.11; Financial-grade API, part 2). */
const idTokenClaims = ["nonce", "at_hash", "c_hash", "s_hash"];

/** A claim of security event tokens (RFC 8417), which logout tokens are. */
const eventClaim = "events";

/**
 * Whether a token of the provider is an access token. The provider signs all of its tokens with the same
 * keys, and an ID token or a logout token of a client can have the same audience.
 *
 * First rule that applies:
 * 1. refused: another `typ` than `at+jwt` and `JWT`; a token of security events
 * 2. refused: the provider's own claim names another kind
 * 3. accepted: `at+jwt`, or the provider's own claim names an access token. Older releases of Keycloak put
 *    the `nonce` of the sign-in into access tokens too.
 * 4. refused: a claim of ID tokens
 * 5. accepted: nothing contradicts. The audience alone then tells an access token from an ID token
 */
export const isAccessToken = ({ type, claims }: ForeignToken): boolean => {
  const declared = type?.toLowerCase().replace(/^application\//, "") ?? anyTokenType;
  if (declared !== accessTokenType && declared !== anyTokenType) return false;
  if (claims[eventClaim] !== undefined) return false;
  const kinds = kindClaims.filter(({ name }) => claims[name] !== undefined);
  for (const { name, value } of kinds)
    if (String(claims[name]).toLowerCase() !== value) return false;
  if (declared === accessTokenType || kinds.length > 0) return true;
  return idTokenClaims.every((name) => claims[name] === undefined);
};

const hasValue = (claim: unknown, value: string): boolean =>
  Array.isArray(claim)
    ? claim.some((one) => hasValue(one, value))
    : ["string", "number", "boolean"].includes(typeof claim) && String(claim) === value;

/** Whether the token has every required claim; one value of a list is enough. */
export const hasClaims = (
  { claims }: Pick<ForeignToken, "claims">,
  required: readonly RequiredClaim[],
): boolean =>
  required.every(({ name, value }) => Object.hasOwn(claims, name) && hasValue(claims[name], value));
