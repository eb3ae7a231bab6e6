-- saveSlot: writes a slot in the form that getSlot reads.
local function saveSlot(user, slot)
  redis.call("HSET", slotsKey, user, string.format("%s%.0f:%.0f:%.0f:%.0f:%.0f:%.0f:%s", slot.state,
    slot.place, slot.lastPosition, slot.secondChanceUsed, slot.claimByMs, slot.sessionUntilMs,
    slot.holdUntilMs, slot.reservation))
end
