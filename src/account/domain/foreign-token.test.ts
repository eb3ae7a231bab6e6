import assert from "node:assert/strict";
import { test } from "node:test";
import { hasClaims, isAccessToken, type ForeignToken } from "./foreign-token.ts";

const events = { "http://schemas.openid.net/event/backchannel-logout": {} };

const tokens: readonly [string, ForeignToken["type"], ForeignToken["claims"], boolean][] = [
  ["the type at+jwt", "at+jwt", {}, true],
  ["the type at+jwt in capitals with its prefix", "Application/AT+JWT", {}, true],
  ["the type JWT", "JWT", {}, true],
  ["no type", undefined, {}, true],
  ["the type logout+jwt", "logout+jwt", {}, false],
  ["the type of a security event", "secevent+jwt", {}, false],
  ["the type of an introspection answer", "token-introspection+jwt", {}, false],
  ["the type of a proof of possession", "dpop+jwt", {}, false],
  ["an empty type", "", {}, false],
  ["events", "JWT", { events }, false],
  ["events under the type at+jwt", "at+jwt", { events }, false],
  ["a nonce", "JWT", { nonce: "n" }, false],
  ["the hash of an access token", "JWT", { at_hash: "h" }, false],
  ["the hash of a code", undefined, { c_hash: "h" }, false],
  ["the hash of a state", undefined, { s_hash: "h" }, false],
  ["Keycloak's kind Bearer", "JWT", { typ: "Bearer" }, true],
  ["Keycloak's kind Bearer and a nonce", "JWT", { typ: "Bearer", nonce: "n" }, true],
  ["Keycloak's kind ID", "JWT", { typ: "ID" }, false],
  ["Keycloak's kind Logout", "JWT", { typ: "Logout" }, false],
  ["Keycloak's kind Refresh", "JWT", { typ: "Refresh" }, false],
  ["Keycloak's kind ID under the type at+jwt", "at+jwt", { typ: "ID" }, false],
  ["Cognito's use access", "JWT", { token_use: "access" }, true],
  ["Cognito's use id", "JWT", { token_use: "id" }, false],
  ["a kind that is no text", "JWT", { typ: null }, false],
  ["two kinds that contradict", "JWT", { typ: "Bearer", token_use: "id" }, false],
];

for (const [title, type, claims, expected] of tokens)
  test(`a token with ${title} is ${expected ? "an" : "no"} access token`, () =>
    assert.equal(isAccessToken({ type, claims }), expected));

const verified = { name: "phone_number_verified", value: "true" };
const fan = { name: "roles", value: "fan" };

const claimed: readonly [string, ForeignToken["claims"], boolean][] = [
  ["both claims", { phone_number_verified: true, roles: ["staff", "fan"] }, true],
  ["a truth as text", { phone_number_verified: "true", roles: "fan" }, true],
  ["one claim missing", { roles: ["fan"] }, false],
  ["another value", { phone_number_verified: false, roles: ["fan"] }, false],
  ["a part of the value", { phone_number_verified: true, roles: "fans" }, false],
  ["an empty list", { phone_number_verified: true, roles: [] }, false],
  ["an object", { phone_number_verified: true, roles: { fan: true } }, false],
  ["null", { phone_number_verified: null, roles: ["fan"] }, false],
];

for (const [title, claims, expected] of claimed)
  test(`a token with ${title} ${expected ? "has" : "lacks"} the required claims`, () =>
    assert.equal(hasClaims({ claims }, [verified, fan]), expected));

test("a claim of another name is not found in the object's own chain", () => {
  assert.equal(hasClaims({ claims: {} }, [{ name: "constructor", value: "x" }]), false);
  assert.equal(hasClaims({ claims: {} }, []), true);
});
