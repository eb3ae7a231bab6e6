import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { redeemCredential, type Credential } from "./redeem-credential.ts";

const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000a");

const setting = (isKnown = true) => {
  const asked: string[] = [];
  const signed: unknown[] = [];
  const opens = (name: string, recoveryCode: string | null) => async (secret: string) => {
    asked.push(`${name} ${secret}`);
    return isKnown ? { userId, tokenEpoch: 4, refreshToken: "next", recoveryCode } : null;
  };
  const redeem = redeemCredential({
    sessions: {
      refresh: opens("refresh", null),
      recover: opens("recover", "new code"),
      takeHandover: opens("handover", null),
    },
    tokens: { sign: (_, claims) => `token ${signed.push(claims)}` },
    clock: { nowMs: () => 5_000_500 },
  });
  return { redeem, asked, signed };
};

const kinds: readonly [Credential["kind"], string, object, string | null][] = [
  ["refresh-token", "refresh x", {}, null],
  ["recovery-code", "recover x", { rec: 1 }, "new code"],
  ["handover-code", "handover x", {}, null],
];

for (const [kind, expected, claims, recoveryCode] of kinds)
  test(`a ${kind} opens a session of 15 minutes with the user's epoch`, async () => {
    const { redeem, asked, signed } = setting();
    assert.deepEqual(await redeem({ kind, secret: "x" }), {
      userId,
      accessToken: "token 1",
      expiresAtMs: 5_900_000,
      refreshToken: "next",
      recoveryCode,
    });
    assert.deepEqual(asked, [expected]);
    assert.deepEqual(signed, [{ sub: userId, iat: 5_000, exp: 5_900, te: 4, ...claims }]);
  });

test("an unknown credential gets no token", async () => {
  const { redeem, signed } = setting(false);
  assert.equal(await redeem({ kind: "refresh-token", secret: "x" }), null);
  assert.deepEqual(signed, []);
});
