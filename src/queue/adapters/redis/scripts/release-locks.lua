-- release-locks: for each attempt, releases its own seat locks, and sets the lease to what its end leaves; in order,
-- each attempt as if it were alone.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- KEYS then holds the seat locks, attempt after attempt
-- ARGV[3..] attempts  6 values each: user, id; place, score; owner, id of the attempt; reservation, id, or empty
--   without a hold; expiresAtMs, epoch ms, end of the hold, or 0; how many of the seat locks are the attempt's
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "released"
-- atomic because a lock that expires, and is taken by another attempt, before its release must stay
-- cost O(seats of all attempts + attempts · log n)
-- @use begin-user
-- @use end-attempt
-- @use open-queue
-- @use read-slots
-- @use release-seats
-- @use run-writes
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local users, owners = {}, {}
for i = 3, #ARGV, 6 do
  users[#users + 1] = ARGV[i]
  for _ = 1, tonumber(ARGV[i + 5]) do
    owners[#owners + 1] = ARGV[i + 2]
  end
end
releaseSeats(KEYS, owners)
readSlots(users)
for i = 3, #ARGV, 6 do
  beginUser(queue, ARGV[i])
  endAttempt(queue, ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 3], tonumber(ARGV[i + 4]))
end
runWrites(queue)
return { "released" }
