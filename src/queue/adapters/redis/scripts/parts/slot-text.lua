-- slotText: the text of a slot, as parseSlot reads it. An earlier version reads the end of a slot that is not used
-- only as a last field of digits, and no attempts in flight: these have a mark.
local function slotText(slot)
  local inFlight = slot.inFlight > 0 and string.format(":#%.0f", slot.inFlight) or ""
  local idle = slot.idleUntilMs > 0 and string.format(":%.0f", slot.idleUntilMs) or ""
  return string.format("%s%.0f:%.0f:%.0f:%.0f:%.0f:%.0f:%s%s%s", slot.state, slot.place,
    slot.lastPosition, slot.secondChanceUsed, slot.claimByMs, slot.sessionUntilMs,
    slot.holdUntilMs, slot.reservation, inFlight, idle)
end
