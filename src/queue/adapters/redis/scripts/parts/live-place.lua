-- livePlace: the live place of a user, or nil; and the user's slot, or nil.
-- @use get-slot
-- @use waiting-place
local function livePlace(queue, user)
  local slot = getSlot(user)
  return waitingPlace(queue, user) or slot and slot.place, slot
end
