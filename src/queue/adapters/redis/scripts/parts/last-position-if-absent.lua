-- lastPositionIfAbsent: the position that the user was told last, if the user should have asked again by
-- now; nil: the user counts as present.
local function lastPositionIfAbsent(queue, user)
  local pollByMs, position =
    string.match(redis.call("HGET", presenceKey, user) or "", "^(%d+):(%d+)$")
  return pollByMs and queue.nowMs >= tonumber(pollByMs) and tonumber(position) or nil
end
