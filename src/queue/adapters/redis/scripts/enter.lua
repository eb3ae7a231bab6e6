-- enter: for each attempt to take seats, checks that the place is ACTIVE, locks all seats or none, and extends
-- the lease; in order, each attempt as if it were alone.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- KEYS then holds the seat locks, attempt after attempt
-- ARGV[3] lockMs      ms
-- ARGV[4] leaseMs     ms
-- ARGV[5..] attempts  5 values each: user, id; place, score; owner, id of the attempt; keyTag, digest of user
--   and idempotency key, or empty; how many of the seat locks are the attempt's
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "tried", then for each attempt that has not entered its number, from 0, and the first that applies:
--   "unknown" | "ended" | "not-active" | "grace-period"  see checkActive
--   "locked", sameKey (0 or 1), how many, indexes of the seats that others have locked, from 0
-- atomic because no other attempt may lock a seat, and no pass end the slot, between check and lock
-- cost O(seats of all attempts + attempts · log n)
-- @use begin-user
-- @use enter-seats
-- @use open-queue
-- @use read-slots
-- @use run-writes
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local users, reply, last = {}, { "tried" }, queueKeyCount
for i = 5, #ARGV, 5 do
  users[#users + 1] = ARGV[i]
end
readSlots(users)
for at, user in ipairs(users) do
  beginUser(queue, user)
  local i, first = 5 * at, last + 1
  last = last + tonumber(ARGV[i + 4])
  local words = { enterSeats(queue, KEYS, { user = user, place = tonumber(ARGV[i + 1]),
    owner = ARGV[i + 2], keyTag = ARGV[i + 3], lockMs = ARGV[3], leaseMs = tonumber(ARGV[4]),
    first = first, last = last }) }
  if words[1] ~= "entered" then
    reply[#reply + 1] = at - 1
    for j = 1, #words do
      reply[#reply + 1] = words[j]
    end
  end
end
runWrites(queue)
return reply
