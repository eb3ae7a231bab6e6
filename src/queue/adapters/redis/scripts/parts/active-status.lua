-- activeStatus: placeStatus of an ACTIVE slot; claims it. First that applies:
-- nil, because the slot was skipped: its lease was over
-- "ended", place, "LAPSED"
-- "waiting", place, position  the slot cannot be claimed before the queue is rebuilt
-- "active", place, expiresAtMs
-- @use expire-lease
-- @use forgive-pass-gap
-- @use own-lease-end
-- @use save-active-slot
-- @use use-slot
local function activeStatus(queue, user, slot)
  local leaseEndMs = tonumber(redis.call("ZSCORE", activeKey, user))
  if leaseEndMs <= queue.nowMs then
    if queue.presence then
      forgivePassGap(queue, queue.presence)
    end
    local result = expireLease(queue, user, slot)
    if result == "lapsed" then
      return "ended", slot.place, "LAPSED"
    end
    if result == "skipped" then
      return nil
    end
    leaseEndMs = tonumber(redis.call("ZSCORE", activeKey, user))
  end
  if slot.claimByMs > 0 then
    -- Redis may have loaded an old snapshot in which a user who was skipped since is still ACTIVE.
    if queue.awaitsRebuild then
      return "waiting", slot.place, slot.lastPosition
    end
    slot.claimByMs = 0
    useSlot(queue, slot, queue.nowMs)
    leaseEndMs = math.max(slot.idleUntilMs > 0 and 0 or leaseEndMs, ownLeaseEnd(slot))
    saveActiveSlot(user, slot, leaseEndMs)
  end
  local ownEndMs = ownLeaseEnd(slot)
  return "active", slot.place, ownEndMs > queue.nowMs and ownEndMs or leaseEndMs
end
