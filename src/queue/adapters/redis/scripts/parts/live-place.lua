-- livePlace: the live place of a user, or nil; and the user's slot, or nil.
-- @use get-slot
-- @use waiting-place
local function livePlace(queue, user)
  local slot = getSlot(user)
  return slot and slot.place or waitingPlace(queue, user), slot
end
