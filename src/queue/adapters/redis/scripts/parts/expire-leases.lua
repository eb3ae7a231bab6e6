-- expireLeases: the part of a pass that ends slots whose lease is over, at most peopleMax.
-- returns a table: lapsed, skipped, kept, how many of each; isFull: there may be more
-- @use expire-lease
-- @use get-slot
local function expireLeases(queue, peopleMax)
  local counts = { lapsed = 0, skipped = 0, kept = 0 }
  local over =
    redis.call("ZRANGE", activeKey, "-inf", queue.nowMs, "BYSCORE", "LIMIT", 0, peopleMax)
  for _, user in ipairs(over) do
    local result = expireLease(queue, user, getSlot(user))
    counts[result] = counts[result] + 1
  end
  counts.isFull = #over == peopleMax
  return counts
end
