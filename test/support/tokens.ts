import { createHmac, randomBytes } from "node:crypto";

type Claims = Record<string, unknown>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const decode = (part: string | undefined): Claims =>
  JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8")) as Claims;

export const headerOf = (token: string): Claims => decode(token.split(".")[0]);

export const claimsOf = (token: string): Claims => decode(token.split(".")[1]);

const signed = (header: Claims, claims: Claims, secret: Uint8Array): string => {
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
};

/** A token like the given one with other claims, signed properly: for what only the server may mint. */
export const minted = (token: string, change: Claims, secret: Uint8Array): string =>
  signed(headerOf(token), { ...claimsOf(token), ...change }, secret);

/** Every way in which the token can be wrong that needs no key of the server's. */
export const forgeriesOf = (token: string): Readonly<Record<string, string>> => {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const elsewhere = randomBytes(32);
  const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
  return {
    garbage: "garbage",
    "two parts": `${header}.${payload}`,
    "no signature": `${header}.${payload}.`,
    "a changed signature": `${header}.${payload}.${flipped}`,
    "half of the signature": `${header}.${payload}.${signature.slice(0, 20)}`,
    "a changed payload": `${header}.${encode({ ...claimsOf(token), seq: 1, sub: "0" })}.${signature}`,
    "alg none": `${encode({ ...headerOf(token), alg: "none" })}.${payload}.`,
    "an unknown key under a known id": signed(headerOf(token), claimsOf(token), elsewhere),
    "an unknown key id": signed({ ...headerOf(token), kid: "nobody" }, claimsOf(token), elsewhere),
    "a path as key id": signed(
      { ...headerOf(token), kid: "../../dev/null" },
      claimsOf(token),
      Buffer.of(0),
    ),
    "another algorithm": signed({ ...headerOf(token), alg: "HS512" }, claimsOf(token), elsewhere),
  };
};
