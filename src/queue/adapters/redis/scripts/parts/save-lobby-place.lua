-- saveLobbyPlace: notes the newest lobby place of a user, so that the next one gets another number.
local function saveLobbyPlace(user, place)
  redis.call("HSET", lobbyKey, user, string.format("%.0f", place))
end
