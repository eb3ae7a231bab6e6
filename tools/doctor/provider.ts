import type { Config } from "../../src/app/config.ts";
import { fault, ok, type Finding } from "./finding.ts";

type Provider = NonNullable<Config["oidc"]>;

const timeoutMs = 3_000;

const readJson = async (address: string): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) });
  return (await answer.json()) as Readonly<Record<string, unknown>>;
};

const checkKeys = async ({ jwksUrl }: Provider): Promise<Finding> => {
  const fix = "Check that OIDC_JWKS_URL is right and can be reached from this machine.";
  try {
    const { keys } = await readJson(jwksUrl);
    return Array.isArray(keys) && keys.length > 0
      ? ok(`the identity provider publishes ${keys.length} key(s)`)
      : fault("the identity provider publishes no keys", fix);
  } catch {
    return fault("the identity provider's keys cannot be read", fix);
  }
};

const originOf = (address: unknown): string | null =>
  typeof address === "string" && URL.canParse(address) ? new URL(address).origin : null;

/** Judges the provider's own description, by which the fan's pages sign in. */
const judgeDiscovery = (
  { issuer, jwksUrl }: Provider,
  discovered: Readonly<Record<string, unknown>>,
): Finding => {
  if (discovered["issuer"] !== issuer) {
    const fix = "Write OIDC_ISSUER exactly as the provider's tokens name it.";
    return fault("the identity provider names another issuer", fix);
  }
  const methods = discovered["code_challenge_methods_supported"];
  if (Array.isArray(methods) && !methods.includes("S256")) {
    const fix = "The fan's pages need it: enable it at the provider, or empty OIDC_CLIENT_ID.";
    return fault("the identity provider has no PKCE with S256", fix);
  }
  const allowed = [issuer, jwksUrl].map(originOf);
  if (!allowed.includes(originOf(discovered["token_endpoint"]))) {
    const fix =
      "The content policy of the pages allows the origins of OIDC_ISSUER and OIDC_JWKS_URL.";
    return fault("the fan's pages may not ask the provider's token endpoint", fix);
  }
  return ok("the fan's pages can sign in at the identity provider");
};

const checkSignIn = async (oidc: Provider): Promise<Finding> => {
  try {
    const address = `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    return judgeDiscovery(oidc, await readJson(address));
  } catch {
    const fix = "Check that OIDC_ISSUER is right and can be reached from this machine.";
    return fault("the identity provider's openid-configuration cannot be read", fix);
  }
};

/** Checks the keys of the identity provider, and what the pages need to sign in there. */
export const inspectProvider = async ({ oidc }: Config): Promise<Finding[]> => {
  if (oidc === null) return [];
  return Promise.all([checkKeys(oidc), ...(oidc.client === null ? [] : [checkSignIn(oidc)])]);
};
