-- endAttempt: takes an attempt out of those in flight. With a hold the slot lasts as long as that. Without
-- one it lasts as long as if the attempt had not been made, once no other attempt of the place is in flight.
-- reservation  id of the hold; empty: none
-- expiresAtMs  epoch ms, end of the hold, or 0
-- @use carry-hold
-- @use get-slot
-- @use own-lease-end
-- @use save-active-slot
-- @use save-slot
local function endAttempt(queue, user, place, reservation, expiresAtMs)
  local slot = getSlot(user)
  local isSlotOfPlace = slot and slot.place == place
  if isSlotOfPlace then
    slot.inFlight = math.max(0, slot.inFlight - 1)
    saveSlot(user, slot)
  end
  if reservation ~= "" then
    carryHold(queue, user, place, reservation, expiresAtMs)
  elseif isSlotOfPlace and slot.inFlight == 0 and slot.state == "A" then
    saveActiveSlot(user, slot, ownLeaseEnd(slot))
  end
end
