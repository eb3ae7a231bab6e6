-- rebuildAdmitted: applies the record of an admission. First that applies:
-- the slot in Redis lasts as long  it stays, and takes the hold of the record if that lasts longer
-- the slot still lasts         it is restored, with the later one of the two holds
-- else                         the place lapses
-- sessionUntilMs, holdUntilMs  epoch ms; the latter 0 without a hold
-- @use carry-hold
-- @use end-place
-- @use get-slot
-- @use restore-slot
local function rebuildAdmitted(queue, user, place, sessionUntilMs, reservation, holdUntilMs)
  local slot = getSlot(user)
  local isActive = slot and slot.state == "A" and slot.place == place
  if isActive and slot.sessionUntilMs >= sessionUntilMs then
    if holdUntilMs > math.max(queue.nowMs, slot.holdUntilMs) then
      carryHold(queue, user, place, reservation, holdUntilMs)
    end
    return
  end
  -- A hold that was told since the loss is newer than the record.
  if isActive and slot.holdUntilMs > holdUntilMs then
    reservation, holdUntilMs = slot.reservation, slot.holdUntilMs
  end
  if math.max(sessionUntilMs, holdUntilMs) > queue.nowMs then
    restoreSlot(user, place, sessionUntilMs, reservation, holdUntilMs)
  else
    endPlace(queue, user, place, "LAPSED")
  end
end
