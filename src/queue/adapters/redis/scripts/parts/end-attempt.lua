-- endAttempt: takes an attempt out of those in flight. With a hold the slot lasts as long as that. Without
-- one it lasts as long as if the attempt had not been made, once no other attempt of the place is in flight.
-- An attempt that was not counted, see enterSeats, may end as a later one that is: the slot's own time lasts longer
-- than both, because a lease is twice as long as an attempt.
-- reservation  id of the hold; empty: none
-- expiresAtMs  epoch ms, end of the hold, or 0
-- @use carry-hold
-- @use get-slot
-- @use own-lease-end
-- @use save-active-slot
-- @use save-slot
local function endAttempt(queue, user, place, reservation, expiresAtMs)
  local slot = getSlot(user)
  local isCounted = slot and slot.place == place and slot.inFlight > 0
  if isCounted then
    slot.inFlight = slot.inFlight - 1
    saveSlot(user, slot)
  end
  if reservation ~= "" then
    carryHold(queue, user, place, reservation, expiresAtMs)
  elseif isCounted and slot.inFlight == 0 and slot.state == "A" then
    saveActiveSlot(user, slot, ownLeaseEnd(slot))
  end
end
