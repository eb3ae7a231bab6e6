-- ownLeaseEnd: until when a slot lasts by itself, epoch ms. An attempt in flight can only extend its lease.
local function ownLeaseEnd(slot)
  if slot.claimByMs > 0 then
    return slot.claimByMs
  end
  local sessionUntilMs = slot.sessionUntilMs
  if slot.idleUntilMs > 0 then
    sessionUntilMs = math.min(sessionUntilMs, slot.idleUntilMs)
  end
  return math.max(sessionUntilMs, slot.holdUntilMs)
end
