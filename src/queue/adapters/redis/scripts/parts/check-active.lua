-- checkActive: whether a place may act now; that uses the slot. An attempt in flight may keep a slot
-- whose own time is over, but lets no other attempt in. First that applies:
-- "unknown" | "ended" | "not-active"  see placeStatus
-- "grace-period"  the slot's own time is over, and Redis may not know yet that a hold carries it
-- "ended"         the slot's own time is over
-- "active", slot
-- @use extend-lease
-- @use get-slot
-- @use hold-grace-end
-- @use own-lease-end
-- @use place-status
-- @use save-slot
-- @use use-slot
local function checkActive(queue, user, place)
  local word = placeStatus(queue, user, place)
  if word ~= "active" then
    return word == "waiting" and "not-active" or word
  end
  local slot = getSlot(user)
  if ownLeaseEnd(slot) <= queue.nowMs then
    return queue.nowMs < holdGraceEnd(queue, slot) and "grace-period" or "ended"
  end
  if queue.idleMs > 0 or slot.idleUntilMs > 0 then
    useSlot(queue, slot, math.max(queue.nowMs, slot.holdUntilMs))
    saveSlot(user, slot)
    extendLease(user, ownLeaseEnd(slot))
  end
  return "active", slot
end
