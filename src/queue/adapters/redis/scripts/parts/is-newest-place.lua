-- isNewestPlace: whether Redis knows nothing newer of the user than this place: the live place of the user is
-- this or an older one, or none, and neither this place nor a newer one has ended.
-- @use ended-place
-- @use live-place
local function isNewestPlace(queue, user, place)
  local live = livePlace(queue, user)
  return (not live or live <= place) and (endedPlace(user) or 0) < place
end
