-- endWaiting: the part of a final pass that takes out every user who is not ACTIVE: all who wait, and at
-- most peopleMax of those who are away and of those who returned.
-- returns whether there may be more
local function endWaiting(peopleMax)
  local isFull = false
  redis.call("UNLINK", waitingKey, presenceKey)
  redis.call("HDEL", metaKey, "trackedThroughScore")
  for _, key in ipairs({ skippedKey, returnedKey }) do
    local users = redis.call("ZPOPMIN", key, peopleMax)
    isFull = isFull or #users == 2 * peopleMax
    for i = 1, #users, 2 do
      redis.call("HDEL", slotsKey, users[i])
    end
  end
  return isFull
end
