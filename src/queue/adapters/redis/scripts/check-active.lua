-- check-active: for each caller, whether the place may act now, and what its user has.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3..] callers  2 values each: user, id; place, score
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "checked", then for each caller: a word of checkActive, holding (0 or 1), bought (0 or 1)
-- atomic because the check claims the slot, which a pass must not end meanwhile
-- cost O(callers · log n)
-- @use check-active
-- @use open-queue
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local reply = { "checked" }
for i = 3, #ARGV, 2 do
  local word, slot = checkActive(queue, ARGV[i], tonumber(ARGV[i + 1]))
  local holds, owns = 0, 0
  if slot then
    holds = slot.holdUntilMs > queue.nowMs and 1 or 0
    owns = redis.call("SISMEMBER", boughtKey, ARGV[i])
  end
  reply[#reply + 1] = word
  reply[#reply + 1] = holds
  reply[#reply + 1] = owns
end
return reply
