import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** A user who can sign in at the provider, by name. */
export interface ProviderUser {
  readonly isVerified: boolean;
}

interface Grant {
  readonly user: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string;
}

const audience = "frontrow-api";
export const clientId = "fans";

/**
 * A small OpenID provider: authorization code flow with PKCE for one public client, refresh tokens that rotate, and
 * a page to sign out. It refuses what a real one refuses: another client, another redirect address, a wrong
 * verifier, a used code.
 */
export const startIdentityProvider = async (users: Readonly<Record<string, ProviderUser>>) => {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const keys = [{ ...(await exportJWK(publicKey)), kid: "one", alg: "ES256" }];
  const codes = new Map<string, Grant>();
  const refreshTokens = new Map<string, string>();
  /** The redirect addresses that the client has registered. */
  const redirectUris = new Set<string>();
  const state = {
    url: "",
    accessSeconds: 300,
    givesRefreshTokens: true,
    isAway: false,
    tokenRequests: [] as Record<string, string>[],
    signOuts: [] as Record<string, string>[],
  };

  const sign = (typ: string, claims: object): Promise<string> =>
    new SignJWT({ ...claims, iss: state.url })
      .setProtectedHeader({ alg: "ES256", kid: "one", typ })
      .setIssuedAt()
      .sign(privateKey);

  const tokensFor = async (user: string, nonce: string | null) => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const common = { sub: user, exp: nowSeconds + state.accessSeconds };
    const refreshToken = randomUUID();
    if (state.givesRefreshTokens) refreshTokens.set(refreshToken, user);
    return {
      token_type: "Bearer",
      expires_in: state.accessSeconds,
      access_token: await sign("at+jwt", {
        ...common,
        aud: audience,
        jti: randomUUID(),
        phone_number_verified: users[user]?.isVerified === true,
      }),
      ...(nonce !== null && {
        id_token: await sign("JWT", {
          ...common,
          exp: nowSeconds + 300,
          aud: clientId,
          nonce,
          name: `${user} at the provider`,
        }),
      }),
      ...(state.givesRefreshTokens && { refresh_token: refreshToken }),
    };
  };

  const grantOf = (form: Record<string, string>): { user: string; nonce: string | null } | null => {
    if (form["client_id"] !== clientId) return null;
    if (form["grant_type"] === "refresh_token") {
      const token = form["refresh_token"] ?? "";
      const user = refreshTokens.get(token);
      refreshTokens.delete(token);
      return user === undefined ? null : { user, nonce: null };
    }
    const code = form["code"] ?? "";
    const grant = codes.get(code);
    codes.delete(code);
    const challenge = createHash("sha256")
      .update(form["code_verifier"] ?? "")
      .digest("base64url");
    return grant !== undefined &&
      grant.redirectUri === form["redirect_uri"] &&
      grant.challenge === challenge
      ? grant
      : null;
  };

  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, {
      "content-type": "application/json",
      "access-control-allow-origin": "*",
      "cache-control": "no-store",
    });
    response.end(JSON.stringify(body));
  };

  const redirect = (
    response: ServerResponse,
    to: string,
    members: Record<string, string>,
  ): void => {
    const address = new URL(to);
    for (const [name, value] of Object.entries(members)) address.searchParams.set(name, value);
    response.writeHead(302, { location: address.href }).end();
  };

  /** A page with one link a user, and one that refuses. */
  const authorize = (response: ServerResponse, query: URLSearchParams): void => {
    const isValid =
      query.get("client_id") === clientId &&
      query.get("response_type") === "code" &&
      query.get("code_challenge_method") === "S256" &&
      redirectUris.has(query.get("redirect_uri") ?? "");
    if (!isValid) return void response.writeHead(400).end("invalid client, type or address");
    const links = [...Object.keys(users), "nobody"].map((user) => {
      const asked = new URLSearchParams([...query, ["user", user]]).toString();
      return `<p><a href="/decide?${asked.replaceAll("&", "&amp;")}">Continue as ${user}</a></p>`;
    });
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><title>Provider</title>${links.join("")}`);
  };

  const decide = (response: ServerResponse, query: URLSearchParams): void => {
    const of = (name: string): string => query.get(name) ?? "";
    const to = of("redirect_uri");
    const answer = { state: of("state") };
    if (of("user") === "nobody")
      return redirect(response, to, { ...answer, error: "access_denied" });
    const code = randomUUID();
    codes.set(code, {
      user: of("user"),
      redirectUri: to,
      challenge: of("code_challenge"),
      nonce: of("nonce"),
    });
    redirect(response, to, { ...answer, code });
  };

  const answerToken = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const form = Object.fromEntries(new URLSearchParams(text));
    state.tokenRequests.push(form);
    const grant = grantOf(form);
    if (grant === null) return json(response, 400, { error: "invalid_grant" });
    json(response, 200, await tokensFor(grant.user, grant.nonce));
  };

  const endSession = (response: ServerResponse, query: URLSearchParams): void => {
    state.signOuts.push(Object.fromEntries(query));
    redirect(response, query.get("post_logout_redirect_uri") ?? "", {});
  };

  const serve = (request: IncomingMessage, response: ServerResponse): void | Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", state.url);
    if (state.isAway) return void request.socket.destroy();
    switch (pathname) {
      case "/.well-known/openid-configuration":
        return json(response, 200, {
          issuer: state.url,
          authorization_endpoint: `${state.url}/authorize`,
          token_endpoint: `${state.url}/token`,
          jwks_uri: `${state.url}/jwks`,
          end_session_endpoint: `${state.url}/end-session`,
          id_token_signing_alg_values_supported: ["ES256"],
        });
      case "/jwks":
        return json(response, 200, { keys });
      case "/authorize":
        return authorize(response, searchParams);
      case "/decide":
        return decide(response, searchParams);
      case "/token":
        return answerToken(request, response);
      case "/end-session":
        return endSession(response, searchParams);
      default:
        return void response.writeHead(404).end();
    }
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    state,
    /** The settings of a server that trusts this provider. */
    env: {
      OIDC_ISSUER: state.url,
      OIDC_AUDIENCE: audience,
      OIDC_JWKS_URL: `${state.url}/jwks`,
      OIDC_CLIENT_ID: clientId,
    },
    /** Registers the pages of a server as the client. */
    register: (pagesUrl: string) => redirectUris.add(`${pagesUrl}/me`),
    /** Ends every session of its users. */
    forgetSessions: () => refreshTokens.clear(),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
