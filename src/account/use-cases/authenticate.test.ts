import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type MintId, type UserId } from "#kernel/ids.ts";
import { Unavailable } from "#kernel/unavailable.ts";
import { authenticate, type AuthenticateDeps } from "./authenticate.ts";

const own = toId<"user">("0190a1b2-0000-7000-8000-00000000000a");
const minted = (n: number): UserId =>
  toId<"user">(`0190a1b2-0000-7000-8000-${String(n).padStart(12, "0")}`);

const setting = (changes: Partial<AuthenticateDeps> = {}) => {
  let mints = 0;
  const asked: string[] = [];
  const confirmed: number[] = [];
  const deps: AuthenticateDeps = {
    tokens: {
      verify: (purpose, token) =>
        purpose === "access" && token === "genuine" ? { sub: own, exp: 10 } : null,
    },
    clock: { nowMs: () => 9_000 },
    users: {
      ofIdentity: async ({ subject }, candidate) => {
        asked.push(subject);
        return candidate;
      },
    },
    mintId: (() => minted(++mints)) as unknown as MintId,
    provider: {
      identify: async (token) =>
        token.startsWith("idp:")
          ? { issuer: "https://idp.test", subject: token.slice(4), issuedAtSeconds: 5 }
          : null,
    },
    sessions: { confirmRecovery: async (_, epoch) => void confirmed.push(epoch) },
    revoked: { epochOf: () => 0, isRevokedSince: () => false, isErased: () => false },
    identitiesMax: 2,
    ...changes,
  };
  return { check: authenticate(deps), asked, confirmed };
};

test("a valid access token identifies its user without a store", () => {
  const { check, asked } = setting();
  assert.equal(check("genuine"), own);
  assert.deepEqual(asked, []);
});

test("an expired token is refused and not sent to the identity provider", () => {
  const { check } = setting({ clock: { nowMs: () => 10_000 } });
  assert.equal(check("genuine"), null);
});

test("without an identity provider a foreign token is refused", () => {
  assert.equal(setting({ provider: null }).check("idp:kim"), null);
});

test("a token that neither this installation nor the provider issued is refused", async () => {
  assert.equal(await setting().check("rubbish"), null);
});

test("an identity is read once and cached", async () => {
  const { check, asked } = setting();
  assert.equal(await check("idp:kim"), minted(1));
  assert.equal(await check("idp:kim"), minted(1));
  assert.deepEqual(asked, ["kim"]);
});

test("the cache of identities is bounded and evicts the oldest", async () => {
  const { check, asked } = setting();
  for (const name of ["a", "b", "c", "c", "a"]) await check(`idp:${name}`);
  assert.deepEqual(asked, ["a", "b", "c", "a"]);
});

test("identities with the same joined issuer and subject stay different", async () => {
  const names = [
    { issuer: 'a","b', subject: "c", issuedAtSeconds: 5 },
    { issuer: "a", subject: 'b","c', issuedAtSeconds: 5 },
  ];
  const { check, asked } = setting({
    provider: { identify: async (token) => names[Number(token)] ?? null },
  });
  assert.notEqual(await check("0"), await check("1"));
  assert.equal(asked.length, 2);
});

test("an error of the store or the provider is thrown and not cached", async () => {
  let away = true;
  const { check } = setting({
    users: {
      ofIdentity: async (_, candidate) => {
        if (away) throw new Unavailable("the database is away");
        return candidate;
      },
    },
  });
  await assert.rejects(async () => check("idp:kim"), Unavailable);
  away = false;
  assert.equal(await check("idp:kim"), minted(2));
});

const claimsOf = (claims: object): Pick<AuthenticateDeps, "tokens"> => ({
  tokens: { verify: () => ({ sub: own, exp: 10, ...claims }) },
});
const revoked = { epochOf: () => 0, isRevokedSince: () => false, isErased: () => false };

test("a token with a smaller epoch than its user is revoked; an equal epoch is valid", () => {
  const epoch = { revoked: { ...revoked, epochOf: () => 2 } };
  assert.equal(setting({ ...claimsOf({}), ...epoch }).check("any"), null);
  assert.equal(setting({ ...claimsOf({ te: 1 }), ...epoch }).check("any"), null);
  assert.equal(setting({ ...claimsOf({ te: 2 }), ...epoch }).check("any"), own);
});

test("an instance learns a new token epoch from the first token that has it", async () => {
  const noted: number[] = [];
  const noteEpoch: AuthenticateDeps["noteEpoch"] = (_, epoch) => void noted.push(epoch);
  await setting({ ...claimsOf({}), noteEpoch }).check("any");
  await setting({ ...claimsOf({ te: 1 }), noteEpoch }).check("any");
  const late = { revoked: { ...revoked, epochOf: () => 2 } };
  await setting({ ...claimsOf({ te: 1 }), ...late, noteEpoch }).check("any");
  assert.deepEqual(noted, [1]);
});

test("the first use of a recovered session confirms the recovery, once", async () => {
  const { check, confirmed } = setting(claimsOf({ te: 3, rec: 1 }));
  assert.equal(await check("any"), own);
  assert.equal(await check("any"), own);
  assert.deepEqual(confirmed, [3]);
});

test("a token that the provider issued before the revocation is refused", async () => {
  const seen: number[] = [];
  const isRevokedSince = (_: UserId, issuedAtSeconds: number) => seen.push(issuedAtSeconds) > 0;
  assert.equal(await setting({ revoked: { ...revoked, isRevokedSince } }).check("idp:kim"), null);
  assert.deepEqual(seen, [5]);
});

test("the identity of an erased user is mapped to a new user", async () => {
  let isErased = false;
  const { check, asked } = setting({ revoked: { ...revoked, isErased: () => isErased } });
  await check("idp:kim");
  isErased = true;
  await check("idp:kim");
  assert.deepEqual(asked, ["kim", "kim"]);
});
