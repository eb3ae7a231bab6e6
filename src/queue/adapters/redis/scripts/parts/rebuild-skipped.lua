-- rebuildSkipped: applies the record of a place that was skipped, unless the place is known here.
-- An ACTIVE slot that was never claimed is the exception: the record tells that its lease is over.
-- @use get-slot
-- @use remove-place
-- @use save-slot
-- @use waiting-slot
local function rebuildSkipped(user, place, secondChanceUsed)
  local slot = getSlot(user)
  local isOutdated = slot and slot.state == "A" and slot.claimByMs > 0
  if slot and slot.place == place and not isOutdated then
    return
  end
  removePlace(user)
  saveSlot(user, waitingSlot("S", place, secondChanceUsed))
  redis.call("ZADD", skippedKey, place, user)
end
