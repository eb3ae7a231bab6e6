-- removePlace: takes the live place of a user out of the queue, wherever it is.
-- returns whether the user was waiting, and whether the user was ACTIVE, 0 or 1 each
-- @use in-flight-field
local function removePlace(user)
  local waiting = redis.call("ZREM", waitingKey, user) + redis.call("ZREM", returnedKey, user)
  local active = redis.call("ZREM", activeKey, user)
  redis.call("ZREM", skippedKey, user)
  redis.call("ZREM", holdingKey, user)
  redis.call("HDEL", slotsKey, user)
  redis.call("HDEL", presenceKey, user)
  redis.call("HDEL", metaKey, inFlightField(user))
  return waiting, active
end
