-- goneStatus: placeStatus of a place that is not live here. First that applies:
-- "ended", place, reason  Redis still keeps the end of this place or of a newer one
-- "ended", place, "LEFT"  the place gave way to an older one of its user
-- "unknown", place, reason  ended with the queue once, or before; see endWaiting
-- "unknown", place, ""    ended long ago, or lost by Redis
-- @use queue-end
-- @use replaced-place
local function goneStatus(user, place)
  local known, reason = string.match(redis.call("HGET", endingKey, user) or "", "^(%d+):(.+)$")
  if known and tonumber(known) >= place then
    return "ended", place, reason
  end
  if replacedPlace(user) == place then
    return "ended", place, "LEFT"
  end
  local throughPlace, queueReason = queueEnd()
  return "unknown", place, throughPlace and place <= throughPlace and queueReason or ""
end
