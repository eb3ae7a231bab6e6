-- get-status: the counters of the queue, and for each caller where the place stands.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3..] callers  2 values each: user, id; place, score
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "read", the counters of queueCounters, then for each caller: word, place, value, see placeStatus
-- atomic because positions and counters must be of one moment, and the asking itself claims a slot
-- cost O(callers · log n)
-- @use open-queue
-- @use place-status
-- @use queue-counters
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local found = {}
for i = 3, #ARGV, 2 do
  local word, place, value = placeStatus(queue, ARGV[i], tonumber(ARGV[i + 1]))
  found[#found + 1] = word
  found[#found + 1] = place
  found[#found + 1] = value
end
local reply = queueCounters(queue, "read")
for i = 1, #found do
  reply[#reply + 1] = found[i]
end
return reply
