-- carry-hold: lets the slot of a place last as long as a hold, if the place is still live.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] user         id
-- ARGV[4] place        score of the place
-- ARGV[5] reservation  id
-- ARGV[6] expiresAtMs  epoch ms, end of the hold
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "carried" | "absent", see carryHold
-- atomic because a pass must not end the slot between reading it and extending it
-- cost O(log n)
-- @use carry-hold
-- @use open-queue
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
return { carryHold(queue, ARGV[3], tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6])) }
