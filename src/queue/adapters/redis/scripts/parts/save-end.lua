-- saveEnd: keeps the end of a place until the database has it.
local function saveEnd(user, place, reason)
  redis.call("HSET", endingKey, user, string.format("%.0f:%s", place, reason))
end
