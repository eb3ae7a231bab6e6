-- enter: for each attempt to take seats, checks that the place is ACTIVE, locks all seats or none, and extends
-- the lease; in order, each attempt as if it were alone.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- KEYS then holds the seat locks, attempt after attempt
-- ARGV[3..] attempts  7 values each: user, id; place, score; owner, id of the attempt; keyTag, digest of user
--   and idempotency key, or empty; lockMs, ms; leaseMs, ms; how many of the seat locks are the attempt's
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "tried", then for each attempt the first that applies:
--   "unknown" | "ended" | "not-active" | "grace-period"  see checkActive
--   "locked", sameKey (0 or 1), how many, indexes of the seats that others have locked, from 0
--   "entered"
-- atomic because no other attempt may lock a seat, and no pass end the slot, between check and lock
-- cost O(seats of all attempts + attempts · log n)
-- @use enter-seats
-- @use open-queue
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local reply, last = { "tried" }, queueKeyCount
for i = 3, #ARGV, 7 do
  local first = last + 1
  last = last + tonumber(ARGV[i + 6])
  local words = { enterSeats(queue, KEYS, { user = ARGV[i], place = tonumber(ARGV[i + 1]),
    owner = ARGV[i + 2], keyTag = ARGV[i + 3], lockMs = ARGV[i + 4],
    leaseMs = tonumber(ARGV[i + 5]), first = first, last = last }) }
  for j = 1, #words do
    reply[#reply + 1] = words[j]
  end
end
return reply
