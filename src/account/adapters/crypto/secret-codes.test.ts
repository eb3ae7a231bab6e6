import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import {
  mintRecoveryCode,
  mintRefreshSecret,
  readRecoveryCode,
  readRefreshToken,
  refreshTokenOf,
  sealWith,
} from "./secret-codes.ts";

test("a recovery code is six groups of five, and no two are equal", () => {
  const codes = Array.from({ length: 200 }, mintRecoveryCode);
  for (const code of codes)
    assert.match(code, /^(?:[0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}$/);
  assert.equal(new Set(codes).size, codes.length);
});

test("a recovery code is read in any case, with spaces, and with misread characters", () => {
  const code = "01ABC-23DEF-45GHJ-67KMN-89PQR-00STV";
  assert.equal(readRecoveryCode(code), code);
  assert.equal(readRecoveryCode(" oIabc 23def45ghj-67kmn 89PQR-o0stv "), code);
});

test("a refresh token names its session and its secret", () => {
  const sessionId = randomUUID();
  const secret = mintRefreshSecret();
  const token = refreshTokenOf(sessionId, secret);
  assert.match(token, /^[\w-]{64}$/);
  assert.deepEqual(readRefreshToken(token), { sessionId, secret });
  for (const odd of [
    "",
    "x",
    `${token}a`,
    token.slice(1),
    `${token.slice(1)}=`,
    `${token.slice(1)} `,
  ])
    assert.equal(readRefreshToken(odd), null, odd);
});

test("only the predecessor decrypts its successor", () => {
  const [secret, other, successor] = [
    mintRefreshSecret(),
    mintRefreshSecret(),
    mintRefreshSecret(),
  ];
  const sealed = sealWith(secret, successor);
  assert.deepEqual(sealWith(secret, sealed), successor);
  assert.notDeepEqual(sealWith(other, sealed), successor);
  assert.notDeepEqual(sealed, successor);
});
