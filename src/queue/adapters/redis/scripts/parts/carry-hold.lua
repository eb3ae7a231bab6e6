-- carryHold: lets a slot last as long as a hold. First that applies:
-- "carried"  the place has an ACTIVE slot here
-- "carried"  the queue is not rebuilt, and the records to come may be older than the hold: makes the slot
-- "absent"
-- expiresAtMs  epoch ms, end of the hold
-- @use extend-lease
-- @use get-slot
-- @use is-newest-place
-- @use note-taken
-- @use own-lease-end
-- @use restore-slot
-- @use save-slot
-- @use use-slot
-- @use write-member
local function carryHold(queue, user, place, reservation, expiresAtMs)
  local slot = getSlot(user)
  if slot and slot.state == "A" and slot.place == place then
    if slot.reservation ~= reservation then
      noteTaken(queue, user)
    end
    local leaseEndMs = ownLeaseEnd(slot)
    slot.claimByMs, slot.reservation, slot.holdUntilMs = 0, reservation, expiresAtMs
    useSlot(queue, slot, math.max(queue.nowMs, expiresAtMs))
    saveSlot(user, slot)
    if ownLeaseEnd(slot) > leaseEndMs then
      extendLease(user, ownLeaseEnd(slot))
    end
    writeMember(user, "ZADD", holdingKey, expiresAtMs, user)
    return "carried"
  end
  if queue.awaitsRebuild and expiresAtMs > queue.nowMs and isNewestPlace(queue, user, place) then
    restoreSlot(user, place, 0, reservation, expiresAtMs)
    return "carried"
  end
  return "absent"
end
