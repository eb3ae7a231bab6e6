-- placeStatus: where a place stands, for its user, who is present by asking: an ACTIVE slot is claimed, a
-- skipped place returns, and near the front the user is expected to ask again.
-- asked  score of the place in question; nil: the place that the user has
-- returns one of
--   "waiting", place, position
--   "active", place, expiresAtMs
--   "ended", place, reason; the reason is empty when a newer place of the user is live
--   "unknown", place, reason; see goneStatus
--   "none", 0, ""  the user has no live place, and none was asked for
-- @use get-slot
-- @use gone-status
-- @use slot-status
-- @use track-presence
-- @use waiting-place
local function placeStatus(queue, user, asked)
  local known = step.slots[user]
  local place = not known and waitingPlace(queue, user)
  local slot = known or not place and getSlot(user) or nil
  local live = place or slot and slot.place
  if not live and not asked then
    return "none", 0, ""
  end
  if not live or asked and asked > live then
    return goneStatus(user, asked)
  end
  if asked and asked < live then
    return "ended", asked, ""
  end
  if slot then
    return slotStatus(queue, user, slot)
  end
  local rank = redis.call("ZRANK", waitingKey, user)
  trackPresence(queue, user, rank, rank + 1)
  return "waiting", place, rank + 1
end
