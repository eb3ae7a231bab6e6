import * as oauth from "oauth4webapi";
import { linkAbort } from "../../../sdk/abort.ts";
import { readMe } from "../../../sdk/generated/index.ts";
import { api } from "../../shared/api.ts";
import { tabStorage } from "../../shared/storage.ts";
import { account, setSession, type Session } from "../account.ts";
import { oidcSettings, type OidcSettings } from "./settings.ts";

// The authorization code flow with PKCE, as a public client. It is loaded when a fan signs in, and to renew a session.

/** A sign-in that has left for the provider. It stays in this tab, so another tab cannot finish it. */
interface Departure {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the fan goes on. */
  readonly path: string;
  /** The concert whose queue the fan wants to join. */
  readonly concertId: string | null;
}

const departureKey = "sign-in";
const timeoutMs = 10_000;

/** The provider knows this address only, so every sign-in returns to it. */
const redirectAddress = (): string => `${location.origin}/me`;

const optionsOf = (issuer: string) => ({
  signal: () => linkAbort([], timeoutMs).signal,
  // The server accepts an issuer without TLS on its own machine only.
  [oauth.allowInsecureRequests]: new URL(issuer).protocol === "http:",
});

const provider = async () => {
  const settings = oidcSettings();
  if (settings === null) throw new Error("these pages have no identity provider");
  const issuer = new URL(settings.issuer);
  const options = optionsOf(settings.issuer);
  const answer = await oauth.discoveryRequest(issuer, options);
  const server = await oauth.processDiscoveryResponse(issuer, answer);
  return { settings, options, server, client: { client_id: settings.clientId } };
};

const addressWith = (address: string, members: Readonly<Record<string, string>>): string => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(members)) url.searchParams.set(name, value);
  return url.href;
};

/** Leaves for the provider. Rejects when it does not answer. */
export const startSignIn = async (
  wish: Pick<Departure, "path" | "concertId">,
  isOtherUser = false,
): Promise<void> => {
  const { server, settings } = await provider();
  const departure: Departure = {
    ...wish,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  };
  tabStorage.write(departureKey, departure);
  const address = addressWith(server.authorization_endpoint ?? "", {
    response_type: "code",
    client_id: settings.clientId,
    redirect_uri: redirectAddress(),
    scope: settings.scope,
    state: departure.state,
    nonce: departure.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(departure.verifier),
    code_challenge_method: "S256",
    ...(isOtherUser && { prompt: "login" }),
  });
  location.assign(address);
};

/**
 * The end of a sign-in.
 * - `stale`: this tab did not begin it, or it was finished before
 * - `cancelled`: the fan did not agree
 * - `away`: the provider or the server does not answer
 * - `refused`: the provider's answer is not valid
 * - `not-accepted`: the server does not accept the user, who may lack what the operator requires
 */
export type Arrival =
  | { readonly kind: "signed-in"; readonly path: string }
  | {
      readonly kind: "stale" | "cancelled" | "away" | "refused" | "not-accepted";
      readonly departure: Departure | null;
    };

interface Tokens {
  readonly access_token: string;
  readonly expires_in?: number | undefined;
  readonly refresh_token?: string | undefined;
  readonly id_token?: string | undefined;
}

/** The session of an answer of the provider; what a renewal leaves out stays as it was. */
const sessionOf = (
  tokens: Tokens,
  known: Pick<Session, "userId" | "name" | "refreshToken" | "idToken">,
  { issuer }: OidcSettings,
): Session => {
  const lifetimeMs = (tokens.expires_in ?? 300) * 1000;
  return {
    ...known,
    issuer,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? known.refreshToken,
    idToken: tokens.id_token ?? known.idToken,
    renewAtMs: Date.now() + lifetimeMs - Math.min(60_000, lifetimeMs / 2),
  };
};

const nameIn = (claims: oauth.IDToken | undefined): string => {
  const name = claims?.["name"] ?? claims?.["preferred_username"];
  return typeof name === "string" ? name : "";
};

const signInWithCode = async (parameters: URLSearchParams, departure: Departure) => {
  const { server, client, options, settings } = await provider();
  const { state, nonce, verifier, path, concertId } = departure;
  const valid = oauth.validateAuthResponse(server, client, parameters, state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    valid,
    redirectAddress(),
    verifier,
    options,
  );
  const expected = { expectedNonce: nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, expected);
  const me = await api.call(readMe, {}, { token: tokens.access_token });
  if (!me.ok) return me.code === "ACCESS_TOKEN_INVALID" ? "not-accepted" : "away";
  const present = account.peek();
  // Another tab may have signed in meanwhile; its user stays.
  if (present !== null && present.userId !== me.value.userId && !present.isEnded.peek())
    return { kind: "signed-in", path } as const;
  const name = me.value.name ?? nameIn(oauth.getValidatedIdTokenClaims(tokens));
  setSession(sessionOf(tokens, { userId: me.value.userId, name }, settings));
  // The page of the concert joins, as after a wish to join at the opening.
  const own = account.peek();
  if (own !== null && concertId !== null) tabStorage.write(own.key(`joins.${concertId}`), true);
  return { kind: "signed-in", path } as const;
};

/** The network fails with a TypeError, a time limit with an abort; a library's own error is about the answer. */
const isAway = (error: unknown): boolean =>
  !(error instanceof oauth.OperationProcessingError) &&
  !(error instanceof oauth.AuthorizationResponseError) &&
  !(error instanceof oauth.ResponseBodyError);

/** Finishes a sign-in with the parameters of the return address. */
export const finishSignIn = async (parameters: URLSearchParams): Promise<Arrival> => {
  const departure = tabStorage.read<Departure>(departureKey);
  tabStorage.remove(departureKey);
  if (departure === null || parameters.get("state") !== departure.state)
    return { kind: "stale", departure };
  if (parameters.get("error") === "access_denied") return { kind: "cancelled", departure };
  try {
    const arrival = await signInWithCode(parameters, departure);
    return typeof arrival === "string" ? { kind: arrival, departure } : arrival;
  } catch (error) {
    return { kind: isAway(error) ? "away" : "refused", departure };
  }
};

/** Renews a session of the provider. "ended": the provider refuses; "away": it does not answer. */
export const renewSession = async (session: Session): Promise<Session | "ended" | "away"> => {
  if (session.refreshToken === undefined) return "ended";
  try {
    const { server, client, options, settings } = await provider();
    const answer = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      session.refreshToken,
      options,
    );
    const tokens = await oauth.processRefreshTokenResponse(server, client, answer);
    return sessionOf(tokens, session, settings);
  } catch (error) {
    return isAway(error) ? "away" : "ended";
  }
};

/** Signs out in this browser, and at the provider where it has a page for it. */
export const signOut = async ({ idToken }: Session): Promise<void> => {
  setSession(null);
  try {
    const { server, client } = await provider();
    if (server.end_session_endpoint === undefined) return;
    location.assign(
      addressWith(server.end_session_endpoint, {
        ...client,
        ...(idToken !== undefined && { id_token_hint: idToken }),
        post_logout_redirect_uri: `${location.origin}/`,
      }),
    );
  } catch {
    // The provider is away; here the fan is signed out.
  }
};
