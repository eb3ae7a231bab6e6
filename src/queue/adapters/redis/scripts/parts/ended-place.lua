-- endedPlace: the newest place of a user whose end Redis still keeps; nil: none.
local function endedPlace(user)
  return tonumber(string.match(redis.call("HGET", endingKey, user) or "", "^(%d+):"))
end
