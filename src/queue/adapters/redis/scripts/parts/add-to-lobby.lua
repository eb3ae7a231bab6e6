-- addToLobby: lets a user wait in the lobby at a place that is new, or that was lost.
-- @use first-place
-- @use save-lobby-place
local function addToLobby(queue, user, place, drawValue)
  if not queue.lobbyEpoch then
    queue.lobbyEpoch = math.floor((place - drawBand) / seqSpan)
    redis.call("HSET", metaKey, "lobbyEpoch", queue.lobbyEpoch)
  end
  -- Number 1 is what placeOfScore takes for granted: it costs no memory.
  if place == firstPlace(queue.lobbyEpoch) then
    redis.call("HDEL", lobbyKey, user)
  else
    saveLobbyPlace(user, place)
  end
  redis.call("ZADD", waitingKey, drawValue, user)
end
