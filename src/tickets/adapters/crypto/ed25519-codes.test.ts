import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { toId } from "#kernel/ids.ts";
import { readTicketCode } from "../../../../sdk/ticket-code.ts";
import type { TicketCode } from "../../domain/ticket-code.ts";
import { ed25519Codes } from "./ed25519-codes.ts";

// Each code is read twice: by the server, and by the reader of the SDK, which shares no code with it.

const [first, second] = [
  { id: 1, seed: randomBytes(32) },
  { id: 200, seed: randomBytes(32) },
];
const codes = ed25519Codes([first, second]);
const scanner = (code: string) => readTicketCode(code, codes.publicKeys);

const dateOf = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

const statements: fc.Arbitrary<TicketCode> = fc.record(
  {
    ticketId: fc.uuid().map((id) => toId<"ticket">(id)),
    date: fc.integer({ min: 0, max: 65_535 }).map(dateOf),
    version: fc.integer({ min: 1, max: 65_535 }),
  },
  { noNullPrototype: true },
);

const one: TicketCode = {
  ticketId: toId("0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17"),
  date: "2026-12-24",
  version: 3,
};

test("every code is at most 120 characters of base64url, and server and scanner read what it states", async () => {
  await fc.assert(
    fc.asyncProperty(statements, async (given) => {
      const code = codes.sign(given);
      assert.match(code, /^[\w-]{115}$/);
      assert.deepEqual(codes.read(code), given);
      assert.deepEqual(await scanner(code), given);
    }),
    { numRuns: 200 },
  );
});

test("a code with any byte changed is refused", async () => {
  const code = Buffer.from(codes.sign(one), "base64url");
  for (const index of code.keys()) {
    const forged = Buffer.from(code);
    forged[index] = (forged[index] ?? 0) ^ (1 << (index % 8));
    const text = forged.toString("base64url");
    assert.equal(codes.read(text), null, `byte ${index}`);
    assert.equal(await scanner(text), null, `byte ${index}`);
  }
});

const good = codes.sign(one);
for (const [title, text] of [
  ["an empty text", ""],
  ["a truncated code", good.slice(0, -1)],
  ["a code with a character more", `${good}A`],
  ["a code with padding", `${good}=`],
  ["a code in another spelling of its last bits", `${good.slice(0, -1)}${otherBits(good)}`],
  ["a code with line breaks", ` ${good.slice(0, -1)}`],
  ["an address", "https://tickets.example/1"],
  ["a code of another server", ed25519Codes([{ ...first, seed: randomBytes(32) }]).sign(one)],
  [
    "a code with the number of a key that is not there",
    ed25519Codes([{ ...first, id: 9 }]).sign(one),
  ],
] as const)
  test(`${title} is refused`, async () => {
    assert.equal(codes.read(text), null);
    assert.equal(await scanner(text), null);
  });

/** Another last character that decodes to the same bytes: 115 characters have two bits too many. */
function otherBits(code: string): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return letters[letters.indexOf(code.at(-1) ?? "") ^ 1] ?? "";
}

test("after a rotation the new key signs, and codes of the old one are good until it is removed", async () => {
  const rotated = ed25519Codes([second, first]);
  assert.notEqual(rotated.sign(one), good);
  assert.deepEqual(rotated.read(good), one);
  assert.deepEqual(await readTicketCode(good, rotated.publicKeys), one);
  assert.equal(ed25519Codes([second]).read(good), null);
});

test("the same values have the same code, so a printed ticket equals the one on the screen", () => {
  assert.equal(codes.sign(one), good);
});

test("codes need a key", () => {
  assert.throws(() => ed25519Codes([]), TypeError);
});
