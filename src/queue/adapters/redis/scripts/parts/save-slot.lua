-- saveSlot: writes a slot in the form that getSlot reads. Only a slot with an end for not being used has a
-- last field, because an earlier version does not know it.
local function saveSlot(user, slot)
  local idle = slot.idleUntilMs > 0 and string.format(":%.0f", slot.idleUntilMs) or ""
  local form = "%s%.0f:%.0f:%.0f:%.0f:%.0f:%.0f:%s%s"
  redis.call("HSET", slotsKey, user, string.format(form, slot.state, slot.place,
    slot.lastPosition, slot.secondChanceUsed, slot.claimByMs, slot.sessionUntilMs,
    slot.holdUntilMs, slot.reservation, idle))
end
