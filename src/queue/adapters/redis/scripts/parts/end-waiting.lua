-- endWaiting: the part of a final pass that takes out every user who is not ACTIVE: all who wait, and at
-- most peopleMax of those who are away and of those who returned. Of them only the queue's end is kept: the furthest
-- place that was given before. A place after it was given when the queue sold again.
-- returns whether there may be more
-- @use first-place
-- @use queue-end
local function endWaiting(queue, reason, peopleMax)
  local isFull = false
  -- Users who join a lottery after its lobby get higher numbers.
  local isLottery = queue.lobbyEpoch or redis.call("HEXISTS", metaKey, "lobbyClosedAt") == 1
  local given = tonumber(redis.call("GET", seqKey) or 0)
  local place = firstPlace(queue.epoch) - 1 + (isLottery and lateStart or 0) + given
  if given > 0 and place > (queueEnd() or 0) then
    redis.call("HSET", metaKey, "queueEnd", string.format("%.0f:%s", place, reason))
  end
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
