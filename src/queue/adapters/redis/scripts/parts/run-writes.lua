-- runWrites: runs the writes that have waited for the end of a step: all of one command and key as one.
-- @use append-entries
-- @use slot-text
local function runWrites(queue)
  local slots = { "HSET", slotsKey }
  for user in pairs(step.changed) do
    slots[#slots + 1], slots[#slots + 2] = user, slotText(step.slots[user])
  end
  if #slots > 2 then
    redis.call(unpack(slots))
  end
  for _, words in ipairs(step.writes) do
    redis.call(unpack(words))
  end
  -- After the leases that were set: an attempt in flight extends them.
  if #step.leases > 0 then
    redis.call("ZADD", activeKey, "GT", unpack(step.leases))
  end
  for field, number in pairs(step.counts) do
    redis.call("HINCRBY", metaKey, field, number)
  end
  appendEntries(queue, step.entries)
  step.changed, step.writes, step.leases, step.counts, step.entries = {}, {}, {}, {}, {}
end
