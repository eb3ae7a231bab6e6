-- ownLeaseEnd: until when a slot lasts by itself, epoch ms. An attempt in flight can only extend its lease.
local function ownLeaseEnd(slot)
  if slot.claimByMs > 0 then
    return slot.claimByMs
  end
  return math.max(slot.sessionUntilMs, slot.holdUntilMs)
end
