-- nextLobbyPlace: a place in the lobby that the user has never had.
-- @use first-place
-- @use replaced-place
local function nextLobbyPlace(queue, user)
  local known = tonumber(redis.call("HGET", lobbyKey, user)) or 0
  return math.max(known + 1, (replacedPlace(user) or 0) + 1, firstPlace(queue.epoch))
end
