import assert from "node:assert/strict";
import { test } from "node:test";
import { toId, type MintId } from "#kernel/ids.ts";
import { createUser } from "./create-user.ts";

const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000a");
const mintId = (() => userId) as unknown as MintId;
const clock = { nowMs: () => 5_000_500 };

test("a new user is stored with its name and gets an access token", async () => {
  const kept: unknown[] = [];
  const signed: unknown[] = [];
  const outcome = await createUser({
    sessions: {
      create: async (...row) => {
        kept.push(row);
        return { userId, tokenEpoch: 0, refreshToken: "refresh", recoveryCode: "recovery" };
      },
    },
    tokens: { sign: (...content) => `token ${signed.push(content)}` },
    clock,
    mintId,
    accessTokenDays: 2,
    challenges: null,
  })({ name: "Ha-neul" });
  assert.deepEqual(kept, [[userId, "Ha-neul"]]);
  assert.deepEqual(signed, [["access", { sub: userId, iat: 5_000, exp: 5_000 + 172_800 }]]);
  assert.deepEqual(outcome, {
    kind: "created",
    session: {
      userId,
      accessToken: "token 1",
      expiresAtMs: (5_000 + 172_800) * 1000,
      refreshToken: "refresh",
      recoveryCode: "recovery",
    },
  });
});

test("behind a challenge a user is created only with its answer", async () => {
  let stored = 0;
  const create = createUser({
    sessions: {
      create: async () => {
        stored += 1;
        return { userId, tokenEpoch: 0, refreshToken: "refresh", recoveryCode: "recovery" };
      },
    },
    tokens: { sign: () => "token" },
    clock,
    mintId,
    accessTokenDays: 2,
    challenges: { passes: async (response) => response === "open" },
  });
  for (const challengeResponse of [null, "wrong"])
    assert.deepEqual(await create({ name: null, challengeResponse }), {
      kind: "CHALLENGE_REQUIRED",
    });
  assert.equal(stored, 0);
  assert.equal((await create({ name: null, challengeResponse: "open" })).kind, "created");
});

test("a user that could not be stored gets no token", async () => {
  const signed: unknown[] = [];
  const create = createUser({
    sessions: {
      create: async () => {
        throw new Error("away");
      },
    },
    tokens: { sign: (...content) => `token ${signed.push(content)}` },
    clock,
    mintId,
    accessTokenDays: 2,
    challenges: null,
  });
  await assert.rejects(create({ name: null }), /away/);
  assert.deepEqual(signed, []);
});
