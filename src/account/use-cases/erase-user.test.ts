import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import { eraseUser } from "./erase-user.ts";

const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000a");

const cases = [
  [{ balance: 0, validTickets: 0 }, { kind: "erased" }],
  [
    { balance: 1, validTickets: 0 },
    { kind: "not-empty", balance: 1, validTickets: 0 },
  ],
  [
    { balance: 0, validTickets: 1 },
    { kind: "not-empty", balance: 0, validTickets: 1 },
  ],
] as const;

for (const [holdings, outcome] of cases)
  test(`a user with a balance of ${holdings.balance} and ${holdings.validTickets} tickets: ${outcome.kind}`, async () => {
    const erased: string[] = [];
    const erase = eraseUser({
      holdings: async () => holdings,
      users: { erase: async (id) => void erased.push(id) },
    });
    assert.deepEqual(await erase(userId), outcome);
    assert.deepEqual(erased, outcome.kind === "erased" ? [userId] : []);
  });
