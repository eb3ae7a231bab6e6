-- returnedStatus: placeStatus of a user who waits among those who returned. The position never rises.
-- @use save-slot
-- @use track-presence
local function returnedStatus(queue, user, slot)
  local rank = redis.call("ZRANK", returnedKey, user)
  if rank + 1 < slot.lastPosition then
    slot.lastPosition = rank + 1
    saveSlot(user, slot)
  end
  trackPresence(queue, user, rank, slot.lastPosition)
  return "waiting", slot.place, slot.lastPosition
end
