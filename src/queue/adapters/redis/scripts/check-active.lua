-- check-active: for each caller, whether the place may act now, and what its user has.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3..] callers  2 values each: user, id; place, score
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "checked", then for each caller: a word of checkActive, holding (0 or 1), bought (0 or 1)
-- atomic because the check claims the slot, which a pass must not end meanwhile
-- cost O(callers · log n)
-- @use begin-user
-- @use check-active
-- @use open-queue
-- @use read-slots
-- @use run-writes
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local users, reply = {}, { "checked" }
for i = 3, #ARGV, 2 do
  users[#users + 1] = ARGV[i]
end
local owns = redis.call("SMISMEMBER", boughtKey, unpack(users))
readSlots(users)
for at, user in ipairs(users) do
  beginUser(queue, user)
  local word, slot = checkActive(queue, user, tonumber(ARGV[2 * at + 2]))
  local holds = slot and slot.holdUntilMs > queue.nowMs
  reply[3 * at - 1] = word
  reply[3 * at] = holds and 1 or 0
  reply[3 * at + 1] = slot and owns[at] or 0
end
runWrites(queue)
return reply
