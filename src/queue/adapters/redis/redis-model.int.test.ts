import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import assert from "node:assert/strict";
import fc from "fast-check";
import { createLog } from "#platform/log.ts";
import { openRedis, scriptOf, type RedisStore } from "#platform/redis/store.ts";
import {
  histories,
  replayOn,
  togetherHistories,
  waitingListHistories,
} from "#test/support/queue-histories.ts";
import { memoryEpochs } from "#test/support/memory-epochs.ts";
import { sharedRedisUrl } from "#test/support/redis.ts";
import {
  inQueue,
  newConcert,
  newUser,
  openTerms,
  wideTerms,
} from "../../contracts/queue-store.contract.ts";
import { redisQueue } from "./redis-queue.ts";

// The queue in memory is the reference model: generated histories of acts, with steps of the clock in
// both directions, must get the same answer to every single act from Redis. A failure prints its seed.

const redis = openRedis({
  url: sharedRedisUrl(),
  log: createLog({ level: "silent" }),
  commandTimeoutMs: 5_000,
});
after(() => redis.close());

const historiesCount = Number(process.env["QUEUE_HISTORIES"] ?? 150);
/** Repeats a failed run: the seed that it has printed. */
const seed = process.env["QUEUE_SEED"];
const ready = async (): Promise<void> => {
  for (let tries = 0; tries < 1_000 && !redis.ready(); tries += 1) await delay(5);
};

test(`Redis and the model agree on ${historiesCount} generated histories`, async () => {
  await ready();
  await fc.assert(fc.asyncProperty(histories, replayOn(redis)), {
    numRuns: historiesCount,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
});

test(`Redis and the model agree on ${historiesCount} generated histories of a waiting list`, async () => {
  await ready();
  await fc.assert(fc.asyncProperty(waitingListHistories, replayOn(redis)), {
    numRuns: historiesCount,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
});

test(`Redis and the model agree on ${historiesCount} generated histories with acts that share a step`, async () => {
  await ready();
  await fc.assert(fc.asyncProperty(togetherHistories, replayOn(redis)), {
    numRuns: historiesCount,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
});

// Control: the comparison is worth something only if it finds faults. Each is planted in a copy of the
// scripts, as [what is wrong, the words of the script, the words in their place].
const faults: readonly (readonly [string, string, string])[] = [
  ["places by the clock", "lateStart or 0) + number", "lateStart or 0) + queue.nowMs % 1000"],
  ["slots never lapse", 'activeKey, "-inf", queue.nowMs,', 'activeKey, "-inf", 0,'],
  ["a slot lapses a ms late", '"-inf", queue.nowMs, "BY', '"-inf", queue.nowMs - 1, "BY'],
  ["the bucket has no bound", "return math.min(capacity, ", "return math.max(0, "],
  ["the cap is ignored", "terms.maxActive - counts.active,", "1000,"],
  [
    "the time to come is ignored",
    "math.min(queue.nowMs + terms.claimMs, slot.sessionUntilMs)",
    "slot.sessionUntilMs",
  ],
  ["a claimed slot lapses all the same", "slot.claimByMs = 0\n  useSlot", "useSlot"],
  [
    "a hold does not carry its slot",
    "math.max(sessionUntilMs, slot.holdUntilMs)",
    "sessionUntilMs",
  ],
  [
    "a slot that is not used never ends",
    "math.min(sessionUntilMs, slot.idleUntilMs)",
    "sessionUntilMs",
  ],
  [
    "a poll uses a slot",
    "local ownEndMs = ownLeaseEnd(slot)",
    "useSlot(queue, slot, queue.nowMs) saveSlot(user, slot) local ownEndMs = ownLeaseEnd(slot)",
  ],
  ["another epoch is accepted", "epochKey) ~= epoch then", "epochKey) == 0 then"],
  [
    "absent people are admitted",
    "return pollByMs and queue.nowMs >= tonumber(pollByMs)",
    "return false",
  ],
  [
    "absent a ms too late",
    "pollByMs and queue.nowMs >= tonumber(pollByMs)",
    "pollByMs and queue.nowMs > tonumber(pollByMs)",
  ],
  [
    "users who returned count for others",
    "place, rank + 1\nend",
    "place, rank + 1 + redis.call('ZCARD', returnedKey)\nend",
  ],
  [
    "a position that was told is forgotten",
    "rank + 1 < slot.lastPosition then",
    "rank + 1 ~= slot.lastPosition then",
  ],
  [
    "a lost queue admits users at once",
    "queue.nowMs < fromMs or queue.recoveryEndMs then",
    "queue.nowMs < fromMs then",
  ],
  ["late comers take their old place", "elseif not queue.recoveryEndMs\n", "elseif false\n"],
  ["an end told meanwhile is lost", "queue.awaitsRebuild and (endedPlace", "false and (endedPlace"],
  [
    "a hold told meanwhile is lost",
    "if queue.awaitsRebuild and expiresAtMs",
    "if false and expiresAtMs",
  ],
  [
    "newcomers wait for nothing",
    'if queue.awaitsRebuild then\n    return "not-',
    'if false then\n    return "not-',
  ],
  ["asking for a place gives one", "return terms.isFindOnly and", "return false and"],
  [
    "a new place gives way later",
    "return queue.recoveryEndMs and live >= first",
    "return live >= first",
  ],
  ["silence is held against people", "queue.nowMs - lastPassMs <= terms.passGapMs", "true"],
  [
    "the second chance is endless",
    "slot.claimByMs == 0 or slot.secondChanceUsed > 0",
    "slot.claimByMs == 0",
  ],
];

/** Faults that histories of a waiting list find. */
const waitingListFaults: typeof faults = [
  ["a waiting list admits for a whole session", "math.min(sessionMs, claimMs)", "sessionMs"],
  ["a waiting list has another limit", "terms.seatsFree\n", "terms.shoppersMax\n"],
  ["a seat that was taken since is free", "shoppers + countTaken(queue.nowMs)", "shoppers"],
  ["a waiting list admits at once", "queue.waitingListAtMs + stockLagMs)\n  end", "0)\n  end"],
  ["users without a seat stay in a sold out queue", "(isBeginning or isOld)", "isBeginning"],
  ["they return at once", "<= queue.nowMs - stockLagMs\n", "<= queue.nowMs\n"],
];

/** Faults that acts which share a step find. */
const togetherFaults: typeof faults = [
  [
    "acts of one user in one step do not see each other",
    "if step.begun[user] then",
    "if false then",
  ],
];

/** The same store with a fault in every script that has these words. */
const faulty = (words: string, wrong: string): RedisStore & { planted(): number } => {
  let planted = 0;
  return {
    ...redis,
    planted: () => planted,
    run(script, keys, args) {
      if (!script.source.includes(words)) return redis.run(script, keys, args);
      planted += 1;
      const source = script.source.replaceAll(words, () => wrong);
      return redis.run(scriptOf(script.name, source), keys, args);
    },
  };
};

const allFaults = [
  ...faults.map((fault) => [...fault, histories] as const),
  ...togetherFaults.map((fault) => [...fault, togetherHistories] as const),
  ...waitingListFaults.map((fault) => [...fault, waitingListHistories] as const),
];
for (const [what, words, wrong, generated] of allFaults) {
  test(`control: the comparison finds that ${what}`, async () => {
    await ready();
    const store = faulty(words, wrong);
    const found = await fc.check(fc.asyncProperty(generated, replayOn(store)), {
      numRuns: 2_000,
      seed: 1,
      endOnFailure: true,
    });
    assert.ok(store.planted() > 0, "the fault was planted");
    assert.equal(found.failed, true);
    assert.match(String(found.errorInstance), /AssertionError/);
  });
}

// Too many things must meet by chance before a history shows this one.
test("control: locks that others release are seen by the contract of the gate", async () => {
  await ready();
  const store = faulty('"^%S+") == owner then', '"^%S+") ~= nil then');
  const { store: queue, gate } = redisQueue({ redis: store, epochs: memoryEpochs() });
  const concertId = newConcert();
  const attempts = [];
  for (const owner of ["a", "b"]) {
    const userId = newUser();
    const { status } = inQueue(await queue.join(concertId, userId, openTerms));
    const seats = {
      date: "2026-12-24",
      seatNumbers: [1],
      keyTag: "",
      lockMs: 9_000,
      leaseMs: 9_000,
    };
    attempts.push({ concertId, userId, ...status.place, owner, ...seats });
  }
  const [mine, rival] = attempts;
  assert.ok(mine && rival);
  await queue.admit(concertId, wideTerms);
  assert.equal((await gate.enter(mine)).kind, "entered");
  await gate.releaseLocks(rival, null);
  assert.equal((await gate.enter(rival)).kind, "entered", "the fault: it should be locked");
  assert.ok(store.planted() > 0);
});

// The same: an attempt has to be in flight at the very end of a session.
test("control: a slot that an attempt in flight does not keep lapses under it", async () => {
  await ready();
  const store = faulty("queue.nowMs + attempt.leaseMs", "queue.nowMs");
  const lapsedOn = async (queueRedis: RedisStore): Promise<number> => {
    let nowMs = 1_790_000_000_000;
    const epochs = memoryEpochs();
    const { store: queue, gate } = redisQueue({ redis: queueRedis, epochs, nowMs: () => nowMs });
    const concertId = newConcert();
    const userId = newUser();
    const { place } = inQueue(await queue.join(concertId, userId, openTerms)).status;
    const terms = { ...wideTerms, sessionMs: 1_000 };
    await queue.admit(concertId, terms);
    const seats = { date: "2026-12-24", seatNumbers: [1], keyTag: "", lockMs: 9_000 };
    const attempt = { concertId, userId, ...place, owner: "a", ...seats, leaseMs: 9_000 };
    assert.equal((await gate.enter(attempt)).kind, "entered");
    nowMs += terms.sessionMs;
    return (await queue.admit(concertId, terms)).lapsed;
  };
  assert.deepEqual([await lapsedOn(redis), await lapsedOn(store)], [0, 1]);
  assert.ok(store.planted() > 0);
});
