-- queueEnd: how the queue has ended last, when it sells again or not.
-- returns the furthest place that had been given then, and the reason; nil: it has never ended
local function queueEnd()
  local place, reason = string.match(redis.call("HGET", metaKey, "queueEnd") or "", "^(%d+):(.+)$")
  return tonumber(place), reason
end
