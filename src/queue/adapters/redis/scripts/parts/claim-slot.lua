-- claimSlot: claims a slot. Without an end for not being used, its lease ends no earlier than before.
-- leaseEndMs  epoch ms, until when the lease lasts at least
-- returns that after the claim
-- @use extend-lease
-- @use own-lease-end
-- @use save-active-slot
-- @use save-slot
-- @use use-slot
local function claimSlot(queue, user, slot, leaseEndMs)
  slot.claimByMs = 0
  useSlot(queue, slot, queue.nowMs)
  local untilMs = ownLeaseEnd(slot)
  if slot.idleUntilMs > 0 then
    saveActiveSlot(user, slot, untilMs)
    return untilMs
  end
  saveSlot(user, slot)
  if untilMs > leaseEndMs then
    extendLease(user, untilMs)
  end
  return math.max(leaseEndMs, untilMs)
end
