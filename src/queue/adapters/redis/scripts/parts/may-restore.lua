-- mayRestore: whether a place that a token proves may replace what Redis knows of its user. First that applies:
-- no   the place, or a newer one, has ended; or the place gave way to an older one before
-- yes  the place is live here, but Redis may have loaded an old snapshot in which an admitted user still waits
--      or a hold has made a slot without its session; only the token proves the admission
-- no   the place is live here
-- yes  an older place is live here, whose end was lost with this one; or no place
-- yes  the user waits at a place of this epoch, given while this older one was not known: it gives way
-- no   a newer place is live here
-- isActive  whether the token proves a slot that still lasts
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
