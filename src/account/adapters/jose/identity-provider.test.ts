import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";
import { Unavailable } from "#kernel/unavailable.ts";
import { silentLog } from "#platform/log.ts";
import { joseIdentityProvider, type IdentityProviderOptions } from "./identity-provider.ts";

const issuer = "https://idp.test/";
const audience = "frontrow";

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly secret: CryptoKey | Uint8Array;
  readonly open: JWK;
}

const makeKey = async (kid: string, alg: string): Promise<Key> => {
  const pair = await generateKeyPair(alg, { extractable: true });
  const open = { ...(await exportJWK(pair.publicKey)), kid, alg };
  return { kid, alg, secret: pair.privateKey, open };
};

let keys: { readonly rsa: Key; readonly ec: Key; readonly stranger: Key };
let server: Server;
const site = {
  published: [] as JWK[],
  fetches: 0,
  status: 200,
  isSilent: false,
  url: "",
};

before(async () => {
  keys = {
    rsa: await makeKey("one", "RS256"),
    ec: await makeKey("two", "ES256"),
    stranger: await makeKey("one", "RS256"),
  };
  server = createServer((_, response) => {
    site.fetches += 1;
    if (site.isSilent) return;
    response.writeHead(site.status, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: site.published }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const provider = (options: Partial<IdentityProviderOptions> = {}) => {
  Object.assign(site, {
    published: [keys.rsa.open, keys.ec.open],
    fetches: 0,
    status: 200,
    isSilent: false,
  });
  return joseIdentityProvider({
    jwksUrl: site.url,
    issuer,
    audience,
    requiredClaims: [],
    log: silentLog,
    fetchTimeoutMs: 10_000,
    ...options,
  });
};

const soon = () => Math.floor(Date.now() / 1000) + 300;

const token = (claims: JWTPayload = {}, key: Key = keys.rsa, typ?: string): Promise<string> =>
  new SignJWT({ iss: issuer, aud: audience, sub: "kim", exp: soon(), ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...(typ !== undefined && { typ }) })
    .sign(key.secret);

test("a valid token has its issuer and subject, and keys are fetched once", async () => {
  const { identify } = provider();
  assert.deepEqual(await identify(await token()), { issuer, subject: "kim", issuedAtSeconds: 0 });
  const issued = await identify(await token({ iat: 1_700_000_000 }));
  assert.equal(issued?.issuedAtSeconds, 1_700_000_000);
  assert.deepEqual(await identify(await token({ sub: "lee", aud: ["x", audience] }, keys.ec)), {
    issuer,
    subject: "lee",
    issuedAtSeconds: 0,
  });
  assert.equal(site.fetches, 1);
});

const bad: readonly [string, () => Promise<string>][] = [
  ["another issuer", () => token({ iss: "https://evil.test/" })],
  ["no issuer", () => token({ iss: undefined } as unknown as JWTPayload)],
  ["another audience", () => token({ aud: "other" })],
  ["no audience", () => token({ aud: undefined } as unknown as JWTPayload)],
  ["an expiry in the past", () => token({ exp: Math.floor(Date.now() / 1000) - 60 })],
  ["no expiry", () => token({ exp: undefined } as unknown as JWTPayload)],
  ["a start in the future", () => token({ nbf: soon() })],
  ["no subject", () => token({ sub: undefined } as unknown as JWTPayload)],
  ["an empty subject", () => token({ sub: "" })],
  ["a subject with a NUL byte", () => token({ sub: "a\u0000" })],
  ["an unpublished key with a published id", () => token({}, keys.stranger)],
  ["an unknown key id", () => token({}, { ...keys.rsa, kid: "three" })],
  [
    "a shared secret, though it be the published key",
    () =>
      token(
        {},
        { ...keys.rsa, alg: "HS256", secret: new TextEncoder().encode(keys.rsa.open.n ?? "") },
      ),
  ],
  [
    "no signature at all",
    async () => {
      const part = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64url");
      const claims = { iss: issuer, aud: audience, sub: "kim", exp: soon() };
      return `${part({ alg: "none" })}.${part(claims)}.`;
    },
  ],
  ["the type logout+jwt", () => token({}, keys.rsa, "logout+jwt")],
  [
    "the events of a logout",
    () => token({ events: { "http://schemas.openid.net/event/backchannel-logout": {} } }),
  ],
  ["the nonce of an ID token", () => token({ nonce: "n" }, keys.rsa, "JWT")],
  ["the hash of an access token", () => token({ at_hash: "h" }, keys.rsa, "JWT")],
  ["the kind of an ID token", () => token({ typ: "ID" }, keys.rsa, "JWT")],
  ["a broken signature", async () => `${(await token()).slice(0, -8)}AAAAAAAA`],
  ["three dots", async () => "..."],
  ["one word", async () => "rubbish"],
  ["an empty text", async () => ""],
];

for (const [title, make] of bad)
  test(`a token with ${title} is refused`, async () => {
    const { identify } = provider();
    assert.equal(await identify(await make()), null);
  });

test("access tokens of the type at+jwt or JWT are accepted", async () => {
  const { identify } = provider();
  for (const typ of ["at+jwt", "application/at+jwt", "JWT"])
    assert.equal((await identify(await token({}, keys.rsa, typ)))?.subject, "kim", typ);
});

test("a token without a required claim is refused", async () => {
  const { identify } = provider({
    requiredClaims: [{ name: "phone_number_verified", value: "true" }],
  });
  assert.equal(await identify(await token()), null);
  assert.equal(await identify(await token({ phone_number_verified: false })), null);
  const verified = await identify(await token({ phone_number_verified: true }));
  assert.equal(verified?.subject, "kim");
});

test("a token of another issuer causes no fetch", async () => {
  const { identify } = provider();
  await identify("rubbish");
  await identify(await token({ iss: "https://evil.test/" }));
  assert.equal(site.fetches, 0);
});

test("without the keys of the provider identify throws Unavailable", async () => {
  const faults: readonly Partial<typeof site>[] = [
    { status: 500 },
    { isSilent: true },
    { published: "no list" as unknown as JWK[] },
  ];
  for (const fault of faults) {
    const { identify } = provider();
    Object.assign(site, fault);
    await assert.rejects(identify(await token()), Unavailable);
    Object.assign(site, { status: 200, isSilent: false, published: [keys.rsa.open] });
    assert.deepEqual(await identify(await token()), { issuer, subject: "kim", issuedAtSeconds: 0 });
  }
  const nowhere = joseIdentityProvider({
    issuer,
    audience,
    requiredClaims: [],
    log: silentLog,
    fetchTimeoutMs: 2_000,
    jwksUrl: "http://127.0.0.1:1/jwks",
  });
  await assert.rejects(nowhere.identify(await token()), Unavailable);
});

test("a provider that is away is logged once a minute, not once a request", async () => {
  const lines: string[] = [];
  const log = { ...silentLog, warn: (_: object, message: string) => void lines.push(message) };
  const { identify } = provider({ log });
  site.status = 500;
  for (let n = 0; n < 20; n += 1)
    await assert.rejects(
      identify(await token()),
      (error) => error instanceof Unavailable && error.isLogged,
    );
  assert.deepEqual(lines, [
    "the keys of the identity provider cannot be fetched; no token can be checked",
  ]);
});

test("a new key is fetched at once, and unknown keys cause no repeated fetches", async () => {
  const { identify } = provider({ cooldownMs: 60_000 });
  site.published = [keys.rsa.open];
  await identify(await token());
  for (let n = 0; n < 5; n += 1) assert.equal(await identify(await token({}, keys.ec)), null);
  assert.equal(site.fetches, 1);

  const eager = provider({ cooldownMs: 0 });
  site.published = [keys.rsa.open];
  await eager.identify(await token());
  site.published = [keys.rsa.open, keys.ec.open];
  assert.deepEqual(await eager.identify(await token({}, keys.ec)), {
    issuer,
    subject: "kim",
    issuedAtSeconds: 0,
  });
});

test("fetched keys stay in use while the provider is away", async () => {
  const { identify } = provider({ refetchAfterMs: 0 });
  await identify(await token());
  site.status = 500;
  for (let n = 0; n < 3; n += 1)
    assert.deepEqual(await identify(await token()), { issuer, subject: "kim", issuedAtSeconds: 0 });
  assert.ok(site.fetches > 1);
});

test("a withdrawn key is refused once the keys are fetched again", async () => {
  const { identify } = provider({ refetchAfterMs: 0 });
  await identify(await token());
  site.published = [keys.ec.open];
  const deadlineMs = performance.now() + 5_000;
  while ((await identify(await token())) !== null) assert.ok(performance.now() < deadlineMs);
});
