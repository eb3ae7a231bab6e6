import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { tokenSigner } from "./token-signer.ts";

const secretOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const signer = tokenSigner([{ id: "k1", secret: secretOf(1) }]);
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const forge = (header: unknown, claims: unknown, secret: Uint8Array, hash = "sha256"): string => {
  const part = `${encode(header)}.${encode(claims)}`;
  return `${part}.${createHmac(hash, secret).update(part).digest("base64url")}`;
};

test("a token that was signed for a purpose verifies for it, with the purpose as aud", () => {
  const token = signer.sign("queue", { sub: "someone", seq: 7 });
  assert.deepEqual(signer.verify("queue", token), { sub: "someone", seq: 7, aud: "queue" });
});

test("a token is a standard compact JWT with the key's id in its header", () => {
  const [header = "", payload = "", signature] = signer.sign("queue", { seq: 7 }).split(".");
  assert.deepEqual(JSON.parse(Buffer.from(header, "base64url").toString()), {
    alg: "HS256",
    typ: "JWT",
    kid: "k1",
  });
  const expected = createHmac("sha256", secretOf(1)).update(`${header}.${payload}`);
  assert.equal(signature, expected.digest("base64url"));
});

test("signatures are HMAC-SHA-256 for secrets of every length", () => {
  for (const bytes of [32, 33, 63, 64, 65, 200]) {
    const secret = new Uint8Array(bytes).map((_, index) => index * 7);
    const token = tokenSigner([{ id: "k", secret }]).sign("queue", { sub: "é" });
    const end = token.lastIndexOf(".");
    const expected = createHmac("sha256", secret).update(token.slice(0, end)).digest("base64url");
    assert.equal(token.slice(end + 1), expected);
  }
});

test("a character that shares its low byte with the signed one does not pass for it", () => {
  const token = signer.sign("queue", {});
  const at = token.indexOf(".") + 3;
  const lookalike = String.fromCharCode(token.charCodeAt(at) + 0x100);
  assert.equal(signer.verify("queue", token.slice(0, at) + lookalike + token.slice(at + 1)), null);
});

test("a token for another purpose is refused", () => {
  assert.equal(signer.verify("access", signer.sign("queue", {})), null);
});

test("claims cannot choose their own purpose", () => {
  assert.equal(signer.verify("access", signer.sign("queue", { aud: "access" })), null);
});

test("after a rotation the tokens of the older key verify and the first key signs", () => {
  const rotated = tokenSigner([
    { id: "k2", secret: secretOf(2) },
    { id: "k1", secret: secretOf(1) },
  ]);
  assert.ok(rotated.verify("queue", signer.sign("queue", {})));
  assert.equal(signer.verify("queue", rotated.sign("queue", {})), null);
});

test("a removed key and another secret under a known id are not trusted", () => {
  assert.equal(
    tokenSigner([{ id: "k2", secret: secretOf(1) }]).verify("a", signer.sign("a", {})),
    null,
  );
  assert.equal(
    tokenSigner([{ id: "k1", secret: secretOf(9) }]).verify("a", signer.sign("a", {})),
    null,
  );
});

const header = { alg: "HS256", typ: "JWT", kid: "k1" };
const forgeries: Record<string, string> = {
  "an unsigned token": `${encode({ alg: "none", typ: "JWT", kid: "k1" })}.${encode({ aud: "queue" })}.`,
  "another algorithm under the right secret": forge(
    { ...header, alg: "HS512" },
    { aud: "queue" },
    secretOf(1),
    "sha512",
  ),
  "a header in another spelling": forge(
    { kid: "k1", alg: "HS256", typ: "JWT" },
    { aud: "queue" },
    secretOf(1),
  ),
  "another secret": forge(header, { aud: "queue" }, secretOf(3)),
  "an array as claims": forge(header, ["queue"], secretOf(1)),
  "null as claims": forge(header, null, secretOf(1)),
  "a signature with padding": `${signer.sign("queue", {})}=`,
  "a changed payload": signer
    .sign("queue", { seq: 7 })
    .replace(/\.[^.]+\./, `.${encode({ aud: "queue" })}.`),
  "two segments": "a.b",
  "no segments": "nonsense",
  nothing: "",
  dots: "...",
  "text outside ASCII": "é.é.é",
  "a very long token": forge(header, { aud: "queue", padding: "x".repeat(8000) }, secretOf(1)),
};
for (const [title, token] of Object.entries(forgeries)) {
  test(`refused: ${title}`, () => assert.equal(signer.verify("queue", token), null));
}

test("claims that make a token too long to verify are not signed", () => {
  assert.throws(() => signer.sign("queue", { padding: "x".repeat(8000) }), RangeError);
});

test("every other last character of a signature is refused", () => {
  const token = signer.sign("queue", {});
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const good = alphabet
    .split("")
    .filter((last) => signer.verify("queue", token.slice(0, -1) + last));
  assert.deepEqual(good, [token.at(-1)]);
});

test("a signer refuses no keys, two keys with one id, an empty id and short secrets", () => {
  const key = { id: "k1", secret: secretOf(1) };
  assert.throws(() => tokenSigner([]), TypeError);
  assert.throws(() => tokenSigner([key, key]), TypeError);
  assert.throws(() => tokenSigner([{ ...key, id: "" }]), TypeError);
  assert.throws(() => tokenSigner([{ id: "k1", secret: new Uint8Array(31) }]), TypeError);
});
