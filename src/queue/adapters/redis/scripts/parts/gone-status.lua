-- goneStatus: placeStatus of a place that is not live here. First that applies:
-- "ended", place, reason  Redis still keeps the end of this place or of a newer one
-- "ended", place, "LEFT"  the place gave way to an older one of its user
-- "unknown", place, 0     ended long ago, or lost by Redis
-- @use replaced-place
local function goneStatus(user, place)
  local known, reason = string.match(redis.call("HGET", endingKey, user) or "", "^(%d+):(.+)$")
  if known and tonumber(known) >= place then
    return "ended", place, reason
  end
  if replacedPlace(user) == place then
    return "ended", place, "LEFT"
  end
  return "unknown", place, 0
end
