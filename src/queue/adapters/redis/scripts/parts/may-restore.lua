-- mayRestore: whether a place that a token proves may replace the live place of its user. First that applies:
-- no   the place, or a newer one, has ended
-- no   the place gave way to an older one before
-- yes  the place is live here, and the token proves a slot that Redis may have lost during this recovery: an
--      old snapshot may hold an admitted user as waiting, and a hold may have made a slot without its session
-- no   the place is live here
-- yes  no place is live here
-- yes  an older place is live here: its end was lost with this place
-- yes  the user waits at a place that this epoch gave while the older one was not known, and still recovers
-- no   a newer place is live here
-- isActive  whether the token proves a slot that still lasts
-- live, slot  see livePlace
-- @use ended-place
-- @use first-place
-- @use replaced-place
local function mayRestore(queue, user, place, isActive, live, slot)
  if (endedPlace(user) or 0) >= place or replacedPlace(user) == place then
    return false
  end
  if live == place then
    local isWhole = slot and slot.state == "A" and slot.claimByMs == 0 and slot.sessionUntilMs > 0
    return isActive and queue.recoveryEndMs and not isWhole
  end
  if not live or live < place then
    return true
  end
  local first = firstPlace(queue.epoch)
  return queue.recoveryEndMs and live >= first and place < first
    and redis.call("ZSCORE", waitingKey, user)
end
