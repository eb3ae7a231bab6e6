-- lastPositionIfAbsent: the position that the user was told last, if the user should have asked again by
-- now; nil: the user counts as present.
local function lastPositionIfAbsent(queue, user)
  local askByMs, position =
    string.match(redis.call("HGET", presentKey, user) or "", "^(%d+):(%d+)$")
  return askByMs and queue.nowMs >= tonumber(askByMs) and tonumber(position) or nil
end
