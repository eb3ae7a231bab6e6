-- rebuildEnded: applies the record of a place that has ended: the place, or an older live one, goes.
-- @use is-lobby-place
-- @use live-place
-- @use remove-place
-- @use save-lobby-place
local function rebuildEnded(queue, user, place, reason)
  if reason == "PAID" then
    redis.call("SADD", boughtKey, user)
  end
  local live = livePlace(queue, user)
  if live and live <= place then
    if isLobbyPlace(queue, place) then
      saveLobbyPlace(user, place)
    end
    removePlace(user)
  end
end
