-- removePlace: takes the live place of a user out of the queue, wherever it is.
-- @use in-flight-field
local function removePlace(user)
  redis.call("ZREM", waitingKey, user)
  redis.call("ZREM", activeKey, user)
  redis.call("ZREM", skippedKey, user)
  redis.call("ZREM", returnedKey, user)
  redis.call("ZREM", holdingKey, user)
  redis.call("HDEL", slotsKey, user)
  redis.call("HDEL", presenceKey, user)
  redis.call("HDEL", metaKey, inFlightField(user))
end
