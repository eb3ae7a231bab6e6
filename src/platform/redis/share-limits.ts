import type { SharedCounts } from "../http/address-limit.ts";
import type { Log } from "../log.ts";
import { periodic, type Periodic } from "../periodic.ts";
import { scriptOf } from "./script.ts";
import type { RedisStore } from "./store.ts";

/** The braces keep all of them in one slot of a cluster, so that one script can change them together. */
export const addressLimitKey = (limit: string, address: string): string =>
  `limit:{addresses}:${limit}:${address}`;

/**
 * Adds requests to the backlog of each address and returns the backlogs in ms, rounded up. A key holds the
 * moment at which its backlog is empty, by the clock of Redis, and expires then.
 * KEYS: addresses. ARGV: ms that one request adds, then the requests of each address.
 */
const addScript = scriptOf(
  "add-requests",
  `local time = redis.call("TIME")
local nowMs = time[1] * 1000 + time[2] / 1000
local backlogs = {}
for n, key in ipairs(KEYS) do
  local emptyAtMs = tonumber(redis.call("GET", key) or nowMs)
  emptyAtMs = math.max(emptyAtMs, nowMs) + ARGV[n + 1] * ARGV[1]
  local backlogMs = math.ceil(emptyAtMs - nowMs)
  redis.call("SET", key, string.format("%.3f", emptyAtMs), "PX", backlogMs)
  backlogs[n] = backlogMs
end
return backlogs`,
);

/** How long an instance may count by itself before the others learn of it. */
const shareEveryMs = 100;
/** Redis runs nothing else while the script runs: about 1 ms for so many addresses. */
const addressesPerCall = 500;

/** Shares the counts of some addresses. Returns whether the limit may have more of them. */
const shareSome = async (redis: RedisStore, limit: SharedCounts): Promise<boolean> => {
  const counts = limit.takeCounts(addressesPerCall);
  const isFull = counts.length === addressesPerCall;
  if (counts.length === 0 || !redis.ready()) return isFull;
  const keys = counts.map(([address]) => addressLimitKey(limit.name, address));
  const requests = counts.map(([, count]) => count);
  const backlogs = (await redis.run(addScript, keys, [limit.intervalMs, ...requests])) as number[];
  for (const [at, [address]] of counts.entries()) limit.raise(address, backlogs[at] ?? 0);
  return isFull;
};

/**
 * Adds up the counts of all instances in Redis, every 100 ms in batches, so that no request waits for it. While there are
 * no counts, no timer runs. In any time t the instances together admit at most t / `intervalMs` requests of an address,
 * and one burst for each instance. While Redis is away each instance limits by itself.
 */
export const shareLimits = (
  redis: RedisStore,
  limits: readonly SharedCounts[],
  log: Log,
): Periodic => {
  const sharing = periodic<SharedCounts>({
    everyMs: shareEveryMs,
    lateMs: 10_000,
    items: async () => limits.filter((limit) => limit.hasCounts()),
    keyOf: ({ name }) => name,
    sleeps: true,
    concurrencyMax: limits.length,
    work: async (limit) => ((await shareSome(redis, limit)) ? "more" : "done"),
    onError: (_, error) => log.debug({ err: error }, "the limits by address could not be shared"),
  });
  for (const limit of limits) limit.onCount(() => sharing.wake());
  return sharing;
};
