import assert from "node:assert/strict";
import { test } from "node:test";
import { toId } from "#kernel/ids.ts";
import type { DrawRecord } from "../../admission/domain/draw.ts";
import type { QueueSchedule } from "../../admission/ports/sales.ts";
import { findDrawnRank } from "./find-drawn-rank.ts";

const concertId = toId<"concert">("0190a1b2-0000-7000-8000-00000000000a");
const userId = toId<"user">("0190a1b2-0000-7000-8000-00000000000b");
const record: DrawRecord = { drawnAtMs: 9_000, entrants: 8, entrantsDigest: "ab".repeat(32) };

const lottery: QueueSchedule = {
  concertId,
  policy: {
    mode: "lottery",
    opensAtMs: 1_000,
    admitsAtMs: 9_000,
    maxActive: 2,
    admissionsPerMinute: 600,
    shoppersPerSeat: 2,
    sessionSeconds: 600,
    idleSeconds: 0,
    holdSeconds: 300,
    maxSeatsPerUser: 4,
    claimSeconds: 60,
  },
  pausedAtMs: null,
  resumedAtMs: null,
  rampSeconds: null,
  closedAtMs: null,
  cancelledAtMs: null,
  drawSeed: "cd".repeat(32),
};
const fifo: QueueSchedule = {
  ...lottery,
  policy: { ...lottery.policy, mode: "fifo", admitsAtMs: null },
};

const find = async (
  schedule: QueueSchedule | null,
  drawn: DrawRecord | null,
  rank: number | null,
) => {
  const asked: unknown[] = [];
  const findRank = findDrawnRank({
    sales: { find: async () => schedule },
    draws: {
      find: async () => drawn,
      rank: async (_, user) => {
        asked.push(user);
        return rank;
      },
    },
    hashes: {
      hmac: (key, text) => (key === lottery.drawSeed && text === userId ? "f".repeat(64) : "0"),
      hashUsers: () => Uint8Array.of(1, 255),
    },
  });
  return { found: await findRank(concertId, userId), asked };
};

test("a user is found in the list by the draw value and the hash of the user id", async () => {
  const { found, asked } = await find(lottery, record, 3);
  const drawValue = 2 ** 52 - 1;
  assert.deepEqual(found, { drawnAtMs: 9_000, drawValue, rank: 3, entrants: 8 });
  assert.deepEqual(asked, [{ drawValue, userHash: "01ff" }]);
});

const unranked: readonly [string, Parameters<typeof find>][] = [
  ["for an unknown concert", [null, record, 3]],
  ["in a fifo queue, also with a seed", [fifo, record, 3]],
  ["before the draw", [lottery, null, 3]],
  ["for a user who was not in the lobby", [lottery, record, null]],
];

for (const [title, args] of unranked)
  test(`there is no rank ${title}`, async () => {
    assert.equal((await find(...args)).found, null);
  });
